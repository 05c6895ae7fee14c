-- Replaces a value if it is still what it was thought to be.
-- KEYS[1] string: the value
-- ARGV[1] what it was, '' for none; ARGV[2] what it should be
-- Returns what it is now, '' for none. A repeat after a lost reply finds its own value.
local is = redis.call('GET', KEYS[1]) or ''
if is == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2])
  is = ARGV[2]
end
return is
