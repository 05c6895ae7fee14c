-- Gives a lock back, unless it has passed to somebody else.
-- KEYS[1] string: the holder
-- ARGV[1] who gives it back
-- Returns 1 when it was held by them, else 0.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
