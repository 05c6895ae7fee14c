-- Writes one entry of the effect journal, only while the lease is ours and has not run out.
-- KEYS  1 run, 2 fields
-- ARGV  1 mailbox key, 2 claim token, 3 field, 4 value
-- returns what is left of the lease in ms, or -1 when it is not ours any more
local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ends or redis.call('HGET', KEYS[2], '_l') ~= ARGV[2] then
  return -1
end
local t = redis.call('TIME')
local left = tonumber(ends) - (t[1] * 1000000 + t[2])
if left <= 0 then
  return -1
end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
return math.floor(left / 1000)
