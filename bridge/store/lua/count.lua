-- The place of a thing among those counted under a key: KEYS[1] hash; ARGV thing, life in ms.
local place = redis.call('HGET', KEYS[1], ARGV[1])
if place then
  return tonumber(place)
end
place = redis.call('HLEN', KEYS[1]) + 1
redis.call('HSET', KEYS[1], ARGV[1], place)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return place
