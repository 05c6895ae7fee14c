-- Hands out the time at which a message may go.
-- KEYS[1] hash: the number's rate; KEYS[2] string: the pace to the recipient; KEYS[3] string: what this id has reserved
-- ARGV[1] now, ms; ARGV[2] ms between the number's messages, ARGV[3] their burst; ARGV[4] ms between a recipient's, ARGV[5] their
-- burst; ARGV[6] ms after which a reservation lapses; ARGV[7] ms that things are kept
-- Returns the time, ms; not later than now means go.
--
-- All rates run on a clock of the number's own, which stands still while the number is paused: real time = that clock + skew.
local now, keepFor = tonumber(ARGV[1]), tonumber(ARGV[7])
local state = redis.call('HMGET', KEYS[1], 'tat', 'skew', 'pause')
local tat, skew, pause = tonumber(state[1] or '0'), tonumber(state[2] or '0'), tonumber(state[3] or '0')
local clock = math.max(now, pause) - skew

local function real(t) return math.ceil(math.max(t + skew, pause) - 0.001) end

local function keep(kind, t)
  local due = real(t)
  redis.call('SET', KEYS[3], kind .. string.format('%.6f', t), 'PX', due - now + keepFor)
  return due
end

-- gate is a GCRA: the earliest time at which one more may go, and the state after it.
local function gate(at, from, interval, burst)
  local t = math.max(from, at - (burst - 1) * interval)
  return t, math.max(at, t) + interval
end

-- The recipient's pace comes first (kind p), because the number must not keep a place free for a message that may not go yet; when that
-- time has come, the number gives its own (kind n).
local passed = false
local held = redis.call('GET', KEYS[3])
if held then
  local kind, t = string.sub(held, 1, 1), tonumber(string.sub(held, 2))
  local due = real(t)
  if now < due then return due end
  redis.call('DEL', KEYS[3])
  if now - due <= tonumber(ARGV[6]) then
    if kind == 'n' then return due end
    passed = true
  end
end
if not passed then
  local t, after = gate(tonumber(redis.call('GET', KEYS[2]) or '0'), clock, tonumber(ARGV[4]), tonumber(ARGV[5]))
  redis.call('SET', KEYS[2], string.format('%.6f', after), 'PX', math.ceil(after - clock + keepFor))
  if t > clock then return keep('p', t) end
end

local t
t, tat = gate(tat, clock, tonumber(ARGV[2]), tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'tat', string.format('%.6f', tat))
redis.call('PEXPIRE', KEYS[1], real(tat) - now + keepFor)
if real(t) <= now then return now end
return keep('n', t)
