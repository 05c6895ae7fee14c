-- What an operator does to one mailbox.
-- KEYS  1 due, 2 run, 3 halt, 4 fields, 5 inbox, 6 tmr
-- ARGV  1 key, 2 now (ms), 3 pause | resume | repair
-- returns 1 when something changed, else 0. repair: 1 = the invariant did not hold and was mended
local key = ARGV[1]
local halted = redis.call('ZSCORE', KEYS[3], key)
if ARGV[3] == 'pause' then
  redis.call('ZREM', KEYS[1], key)
  redis.call('HSETNX', KEYS[4], '_why', 'paused') -- a halted one keeps its reason
  redis.call('PERSIST', KEYS[4])
  return redis.call('ZADD', KEYS[3], 'NX', ARGV[2], key)
end
if ARGV[3] == 'resume' then
  if not halted then
    return 0
  end
  redis.call('ZREM', KEYS[3], key)
  redis.call('HDEL', KEYS[4], '_why', '_f')
  if not redis.call('ZSCORE', KEYS[2], key) then
    redis.call('ZADD', KEYS[1], 'LT', ARGV[2], key)
  end
  return 1
end
if halted or redis.call('ZSCORE', KEYS[1], key) or redis.call('ZSCORE', KEYS[2], key) then
  return 0
end
local own = redis.call('HMGET', KEYS[4], '_w', '_d')
local wake = own[1] and own[1] ~= ''
local deadline = own[2] and own[2] ~= ''
if redis.call('LLEN', KEYS[5]) > 0 or wake or (deadline and not redis.call('ZSCORE', KEYS[6], key)) then
  redis.call('ZADD', KEYS[1], ARGV[2], key)
  return 1
end
return 0
