-- Removes a value if it is still what it was thought to be.
-- KEYS[1] string: the value
-- ARGV[1] what it was
-- Returns 1 when there is none now, 0 when it is something else.
local is = redis.call('GET', KEYS[1])
if is == ARGV[1] then
  redis.call('DEL', KEYS[1])
  is = false
end
return is and 0 or 1
