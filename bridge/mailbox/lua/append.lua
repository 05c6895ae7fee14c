-- Appends events to one mailbox, each event id once, and makes the mailbox due.
-- KEYS  1 inbox, 2 seen ids, 3 due, 4 run, 5 halt, 6 fields
-- ARGV  1 mailbox key, 2 now (ms), then pairs: id hash ('' = never a duplicate), element
-- returns {number of new events, ''} or {-1, key that took over}
local moved = redis.call('HGET', KEYS[6], '_moved')
if moved then
  return {-1, moved}
end
local new = 0
for i = 3, #ARGV, 2 do
  if ARGV[i] == '' or redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[i]) == 1 then
    redis.call('RPUSH', KEYS[1], ARGV[i + 1])
    new = new + 1
  end
end
if new > 0 then
  redis.call('PERSIST', KEYS[2]) -- the commit that takes these in gives the ids their time again
end
if new > 0 and not redis.call('ZSCORE', KEYS[4], ARGV[1]) and not redis.call('ZSCORE', KEYS[5], ARGV[1]) then
  redis.call('ZADD', KEYS[3], 'LT', ARGV[2], ARGV[1])
end
return {new, ''}
