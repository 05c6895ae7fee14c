-- What reserve.lua, observe.lua, observe_updates.lua and stats.lua share; it is put in front of them, so KEYS and ARGV are theirs. It reads
-- KEYS[1] hash: the account's budget
-- ARGV[1] now, ms; ARGV[2] the most requests per minute, 0 for as many as Zendesk tells, ARGV[3] how many until it tells, ARGV[4] the part
-- of them that may go at once; ARGV[5] ticket updates per ms, ARGV[6] their burst; ARGV[7..11] the lanes' shares of requests,
-- ARGV[12..16] of updates.
--
-- Two token buckets, requests and ticket updates, serve whoever finds tokens. A lane that finds none gets slots of its own, spaced by its
-- share of the rate, the last of which is its clock: qN for requests, uN for updates. While a clock is ahead, the lane's share is taken
-- out of the refill, so slots and tokens together never exceed the rate. All this runs on a clock of its own, which stands still while
-- Zendesk wants no requests: real time = that clock + skew. Updates run on one more, which also stands still while Zendesk wants no
-- updates, until `hold` on the former: that clock = the updates' clock + uskew.
-- Returns nothing by itself.
local now = tonumber(ARGV[1])
local share, ushare = {}, {}
for i = 1, 5 do share[i], ushare[i] = tonumber(ARGV[6 + i]), tonumber(ARGV[11 + i]) end

local function number(v, default)
  return v and tonumber(v) or default
end

-- A limit per minute splits into a rate per ms and a burst, so that rate, burst and one early slot of each of the lanes' ten clocks stay
-- within the limit.
local function bucket(limit)
  local reserve = math.max(1, tonumber(ARGV[4]) * limit)
  return math.max(limit - reserve, limit / 2) / 60000, math.max(1, reserve - 10)
end

local function allowed(told)
  local most = tonumber(ARGV[2])
  if told <= 0 then return most > 0 and most or tonumber(ARGV[3]) end
  told = math.min(100000, told)
  return most > 0 and math.min(most, told) or told
end

-- pending is how much of the time from one reading of a clock to the next the slots of the lanes take.
local function pending(clocks, shares, from, to)
  local taken = 0
  for i = 1, 5 do taken = taken + shares[i] * math.max(0, math.min(clocks[i], to) - from) end
  return taken
end

local function read()
  local v = redis.call('HMGET', KEYS[1], 'at', 'req', 'upd', 'limit', 'skew', 'pause', 'user', 'incr',
    'q0', 'q1', 'q2', 'q3', 'q4', 'u0', 'u1', 'u2', 'u3', 'u4', 'uat', 'uskew', 'hold')
  local b = {
    limit = number(v[4], 0), skew = number(v[5], 0), pause = number(v[6], 0), user = number(v[7], 0), incr = number(v[8], 0),
    uskew = number(v[20], 0), hold = number(v[21], 0), q = {}, u = {},
  }
  b.allowed = allowed(b.limit)
  b.reqRate, b.reqCap = bucket(b.allowed)
  b.updRate, b.updCap = math.min(tonumber(ARGV[5]), b.reqRate / 2), tonumber(ARGV[6])
  b.lookRate = b.reqRate - b.updRate -- what slots for anything but updates may take together
  for i = 1, 5 do b.q[i], b.u[i] = number(v[8 + i], 0), number(v[13 + i], 0) end
  local clock = math.max(now, b.pause) - b.skew
  local at = number(v[1], clock)
  b.clock = math.max(clock, at) -- an instance whose clock is behind
  local uclock = math.max(b.clock, b.hold) - b.uskew
  local uat = number(v[19], uclock)
  b.uclock = math.max(uclock, uat)
  local looks, updates = pending(b.q, share, at, b.clock), pending(b.u, ushare, uat, b.uclock)
  b.req = math.min(b.reqCap, number(v[2], b.reqCap) + b.reqRate * (b.clock - at) - b.lookRate * looks - b.updRate * updates)
  b.upd = math.min(b.updCap, number(v[3], b.updCap) + b.updRate * (b.uclock - uat - updates))
  return b
end

local function save(b)
  local function f(x) return string.format('%.6f', x) end
  redis.call('HSET', KEYS[1], 'at', f(b.clock), 'req', f(b.req), 'upd', f(b.upd), 'limit', f(b.limit), 'skew', f(b.skew),
    'pause', f(b.pause), 'user', f(b.user), 'incr', f(b.incr), 'uat', f(b.uclock), 'uskew', f(b.uskew), 'hold', f(b.hold),
    'q0', f(b.q[1]), 'q1', f(b.q[2]), 'q2', f(b.q[3]), 'q3', f(b.q[4]), 'q4', f(b.q[5]),
    'u0', f(b.u[1]), 'u1', f(b.u[2]), 'u2', f(b.u[3]), 'u3', f(b.u[4]), 'u4', f(b.u[5]))
end

-- The real time of a reading of the clock, and of one of the updates' clock.
local function real(b, t) return math.ceil(math.max(t + b.skew, b.pause) - 0.001) end
local function updateReal(b, t) return real(b, math.max(t + b.uskew, b.hold)) end

