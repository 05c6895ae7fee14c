-- Hands out the time at which a message may go.
-- KEYS[1] hash: the number's rate; KEYS[2] string: the pace to the recipient; KEYS[3] string: what this id has reserved
-- ARGV[1] now, ms; ARGV[2] ms between the number's messages, ARGV[3] their burst; ARGV[4] ms between a recipient's, ARGV[5] their
-- burst; ARGV[6] ms after which a reservation lapses; ARGV[7] ms that things are kept
-- Returns the time, ms; not later than now means go.
local now = tonumber(ARGV[1])
local state = redis.call('HMGET', KEYS[1], 'tat', 'pause')
local pause = tonumber(state[2] or '0')

local held = redis.call('GET', KEYS[3])
if held then
  local due = math.max(tonumber(held), pause)
  if now < due then return due end
  redis.call('DEL', KEYS[3])
  if now - due <= tonumber(ARGV[6]) then return due end
end

-- gate is a GCRA: the earliest time at which one more may go, and the state after it.
local function gate(tat, from, interval, burst)
  local t = math.max(from, tat - (burst - 1) * interval)
  return t, math.max(tat, t) + interval
end

local from = math.max(now, pause)
local pair = tonumber(redis.call('GET', KEYS[2]) or '0')
local tat = tonumber(state[1] or '0')
local first = math.max((gate(tat, from, tonumber(ARGV[2]), tonumber(ARGV[3]))), (gate(pair, from, tonumber(ARGV[4]), tonumber(ARGV[5]))))
local _, after = gate(tat, first, tonumber(ARGV[2]), tonumber(ARGV[3]))
local _, then_ = gate(pair, first, tonumber(ARGV[4]), tonumber(ARGV[5]))
redis.call('HSET', KEYS[1], 'tat', string.format('%.3f', after))
redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(after, pause) - now + tonumber(ARGV[7])))
redis.call('SET', KEYS[2], string.format('%.3f', then_), 'PX', math.ceil(then_ - now + tonumber(ARGV[4])))
first = math.ceil(first - 0.001)
if first > now then
  redis.call('SET', KEYS[3], first, 'PX', first - now + tonumber(ARGV[7]))
end
return first
