-- Gives a lease back without a commit; after a failure it counts, and at the limit the mailbox is halted with its inbox kept.
-- KEYS  1 due, 2 run, 3 halt, 4 fields
-- ARGV  1 key, 2 claim token, 3 now (ms), 4 when it may be drained again (ms), 5 failures allowed (0 = this is no failure), 6 reason
-- returns 0 not ours, 1 due again, 2 halted
local key = ARGV[1]
if redis.call('HGET', KEYS[4], '_l') ~= ARGV[2] or not redis.call('ZSCORE', KEYS[2], key) then
  return 0
end
redis.call('ZREM', KEYS[2], key)
redis.call('HDEL', KEYS[4], '_l')
if redis.call('ZSCORE', KEYS[3], key) then
  return 2
end
if ARGV[5] ~= '0' and redis.call('HINCRBY', KEYS[4], '_f', 1) >= tonumber(ARGV[5]) then
  redis.call('ZADD', KEYS[3], ARGV[3], key)
  redis.call('HSET', KEYS[4], '_why', ARGV[6])
  return 2
end
redis.call('ZADD', KEYS[1], 'LT', ARGV[4], key)
return 1
