-- Extends a lease and reads what has come into the inbox since.
-- KEYS  1 run, 2 inbox, 3 fields
-- ARGV  1 mailbox key, 2 claim token, 3 lease (ms), 4 events already read, 5 most events
-- returns {1, events} or {0} when the lease is not ours any more
if redis.call('HGET', KEYS[3], '_l') ~= ARGV[2] or not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return {0}
end
local t = redis.call('TIME')
redis.call('ZADD', KEYS[1], string.format('%.0f', t[1] * 1000000 + t[2] + ARGV[3] * 1000), ARGV[1])
return {1, redis.call('LRANGE', KEYS[2], ARGV[4], ARGV[4] + ARGV[5] - 1)}
