-- Removes a canned reply.
-- KEYS[1] hash: the replies by id; KEYS[2] hash: 's:' and a short name -> id, 'i:' and an id -> its short name
-- ARGV[1] id
-- Returns whether there was one.
local short = redis.call('HGET', KEYS[2], 'i:' .. ARGV[1])
if short then
  redis.call('HDEL', KEYS[2], 's:' .. short, 'i:' .. ARGV[1])
end
return redis.call('HDEL', KEYS[1], ARGV[1])
