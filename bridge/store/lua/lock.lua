-- Takes a lock, or finds that it is already held by the same holder (a repeat after a lost reply).
-- KEYS[1] string: the holder
-- ARGV[1] who asks, a random value; ARGV[2] time to live in ms
-- Returns 1 when the lock is held by who asks, else 0.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return 1
end
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return 1
end
return 0
