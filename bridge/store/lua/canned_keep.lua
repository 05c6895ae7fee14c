-- Keeps a canned reply, whose short name no other one may have.
-- KEYS[1] hash: the replies by id; KEYS[2] hash: 's:' and a short name -> id, 'i:' and an id -> its short name
-- ARGV[1] id; ARGV[2] the reply; ARGV[3] its short name, '' for none; ARGV[4] the most there may be, 0 = it must be there already
-- Returns 0 when it was kept, 1 when there is none to be changed, 2 when another one has the short name, 3 when there are too many. It
-- may be repeated.
local id, short, most = ARGV[1], ARGV[3], tonumber(ARGV[4])
local there = redis.call('HEXISTS', KEYS[1], id) == 1
if most == 0 and not there then
  return 1
end
if short ~= '' then
  local owner = redis.call('HGET', KEYS[2], 's:' .. short)
  if owner and owner ~= id then
    return 2
  end
end
if not there and redis.call('HLEN', KEYS[1]) >= most then
  return 3
end
local old = redis.call('HGET', KEYS[2], 'i:' .. id)
if old and old ~= short then
  redis.call('HDEL', KEYS[2], 's:' .. old, 'i:' .. id)
end
if short ~= '' then
  redis.call('HSET', KEYS[2], 's:' .. short, id, 'i:' .. id, short)
end
redis.call('HSET', KEYS[1], id, ARGV[2])
return 0
