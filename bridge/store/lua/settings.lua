-- Stores the next version of the settings, unless somebody else was faster; a repeat after a lost reply finds its own version.
-- KEYS[1] string: the current version's number, a space and a word of its own; KEYS[2] list: the last versions, the current one first
-- ARGV[1] the number that the writer knows; ARGV[2] what KEYS[1] becomes; ARGV[3] the next version; ARGV[4] how many are kept
-- Returns the current number, and 1 when it is the writer's version, else 0.
local current = redis.call('GET', KEYS[1]) or '0'
local number = tonumber(string.match(current, '^%d+') or '0')
if number == tonumber(ARGV[1]) then
  redis.call('LPUSH', KEYS[2], ARGV[3])
  redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[4]) - 1)
  redis.call('SET', KEYS[1], ARGV[2])
  return { number + 1, 1 }
end
if current == ARGV[2] then
  return { number, 1 }
end
return { number, 0 }
