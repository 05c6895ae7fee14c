-- Writes to a key and lets it live for at least a while longer: what is kept for good, or for longer already, stays so.
-- KEYS[1] any type: the key
-- ARGV[1] how long at least, in ms, 0 = for good; ARGV[2] the command; ARGV[3…] its other arguments
-- Returns nothing.
local life = tonumber(ARGV[1])
local left = redis.call('PTTL', KEYS[1])
redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))
if life == 0 then
  redis.call('PERSIST', KEYS[1])
elseif left == -2 or (left >= 0 and left < life) then
  redis.call('PEXPIRE', KEYS[1], life)
end
