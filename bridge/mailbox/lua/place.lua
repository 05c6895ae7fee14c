-- Puts a mailbox into the views and under the text where its state belongs as it was at a version, unless it was committed since.
-- KEYS  1 fields, 2 texts to be found by
-- ARGV  1 key, 2 version, 3 base of the partition's keys, 4 member that comes to the texts (or ''), 5..6 numbers of: members that leave
--       the texts, index entries; then those: member | name, score ('' = remove), a score that is there stays (0|1)
-- returns 1 done, 0 it was committed since
local key = ARGV[1]
if (redis.call('HGET', KEYS[1], '_v') or '0') ~= ARGV[2] then
  return 0
end
local at = 7
local function take()
  at = at + 1
  return ARGV[at - 1]
end
for _ = 1, tonumber(ARGV[5]) do
  redis.call('SREM', KEYS[2], take())
end
if ARGV[4] ~= '' then
  redis.call('SADD', KEYS[2], ARGV[4])
end
for _ = 1, tonumber(ARGV[6]) do
  local view, score, stays = ARGV[3] .. 'ix:' .. take(), take(), take()
  if score == '' then
    redis.call('ZREM', view, key)
  elseif stays == '1' then
    redis.call('ZADD', view, 'NX', score, key)
  else
    redis.call('ZADD', view, score, key)
  end
end
return 1
