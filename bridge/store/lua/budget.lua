-- What reserve.lua and observe.lua share; it is put in front of both, so KEYS and ARGV are theirs. It reads
-- KEYS[1] hash: the account's budget
-- ARGV[1] now, ms; ARGV[2..6] the limit of requests per minute (negative when answers may raise it), requests per ms, their burst, updates per ms, their burst;
-- ARGV[7..11] the lanes' shares of requests; the last five ARGV their shares of updates.
--
-- Two token buckets, requests and ticket updates, serve whoever finds tokens. A lane that finds none gets slots of its own, spaced by its
-- share of the rate, the last of which is its clock: qN for requests, uN for updates. While a clock is ahead, the lane's share is taken
-- out of the refill, so slots and tokens together never exceed the rate. All this runs on a clock of its own, which stands still while
-- Zendesk wants no requests: real time = that clock + skew.
-- Returns nothing by itself.
local now = tonumber(ARGV[1])
local share, ushare = {}, {}
for i = 1, 5 do share[i], ushare[i] = tonumber(ARGV[6 + i]), tonumber(ARGV[#ARGV - 5 + i]) end

local function number(v, default)
  return v and tonumber(v) or default
end

local function read()
  local v = redis.call('HMGET', KEYS[1], 'at', 'req', 'upd', 'limit', 'skew', 'pause', 'user', 'incr',
    'q0', 'q1', 'q2', 'q3', 'q4', 'u0', 'u1', 'u2', 'u3', 'u4')
  local b = { limit = number(v[4], 0), skew = number(v[5], 0), pause = number(v[6], 0), user = number(v[7], 0), incr = number(v[8], 0) }
  local scale, base = 1, tonumber(ARGV[2])
  if b.limit > 0 then
    scale = b.limit / math.abs(base)
    if base > 0 then scale = math.min(1, scale) end
  end
  b.reqRate, b.reqCap = tonumber(ARGV[3]) * scale, math.max(1, tonumber(ARGV[4]) * scale)
  b.updRate, b.updCap = math.min(tonumber(ARGV[5]), b.reqRate / 2), tonumber(ARGV[6])
  b.lookRate = b.reqRate - b.updRate -- what slots for anything but updates may take together
  b.clock = math.max(now, b.pause) - b.skew
  b.at = number(v[1], b.clock)
  b.req, b.upd = number(v[2], b.reqCap), number(v[3], b.updCap)
  b.q, b.u = {}, {}
  for i = 1, 5 do b.q[i], b.u[i] = number(v[8 + i], 0), number(v[13 + i], 0) end
  b.clock = math.max(b.clock, b.at) -- an instance whose clock is behind
  local looks, updates = 0, 0
  for i = 1, 5 do
    looks = looks + share[i] * math.max(0, math.min(b.q[i], b.clock) - b.at)
    updates = updates + ushare[i] * math.max(0, math.min(b.u[i], b.clock) - b.at)
  end
  local passed = b.clock - b.at
  b.req = math.min(b.reqCap, b.req + b.reqRate * passed - b.lookRate * looks - b.updRate * updates)
  b.upd = math.min(b.updCap, b.upd + b.updRate * (passed - updates))
  b.at = b.clock
  return b
end

local function save(b)
  local function f(x) return string.format('%.6f', x) end
  redis.call('HSET', KEYS[1], 'at', f(b.at), 'req', f(b.req), 'upd', f(b.upd), 'limit', f(b.limit), 'skew', f(b.skew),
    'pause', f(b.pause), 'user', f(b.user), 'incr', f(b.incr),
    'q0', f(b.q[1]), 'q1', f(b.q[2]), 'q2', f(b.q[3]), 'q3', f(b.q[4]), 'q4', f(b.q[5]),
    'u0', f(b.u[1]), 'u1', f(b.u[2]), 'u2', f(b.u[3]), 'u3', f(b.u[4]), 'u4', f(b.u[5]))
end

