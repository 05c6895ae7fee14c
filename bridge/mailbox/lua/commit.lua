-- Consumes events, writes state, journal, transcript, views, dead letters, deadline and next wake-up in one step.
-- KEYS  1 inbox, 2 seen ids, 3 due, 4 run, 5 tmr, 6 halt, 7 fields, 8 dead, 9 deadmsg, 10 chg, 11 seq
-- ARGV  1 key, 2 claim token, 3 commit id, 4 now (ms), 5 events consumed, 6 release (0|1), 7 wake (ms or ''), 8 deadline (ms or ''),
--       9 time to live (ms or ''), 10 how long seen ids are kept (ms), 11 schema, 12 moved to (or ''), 13 forget (0|1), 14 base of the
--       partition's keys, 15..21 numbers of: fields set, fields deleted, transcript entries, index entries, dead letters, answers,
--       transcripts' ends, 22 the member that leaves the texts to be found by (or ''), 23 the one that comes to them (or ''); then what
--       was numbered: field, value | field | name, value | name, score ('' = remove) | id, payload | id, value, time to live (ms) |
--       name, time to live (ms; 0 = for good, -1 = remove it)
-- returns 1 done, 2 was already done, 0 the lease is not ours any more
local fields = KEYS[7]
local key = ARGV[1]
if redis.call('HGET', fields, '_ci') == ARGV[3] then
  return 2
end
if redis.call('HGET', fields, '_l') ~= ARGV[2] or not redis.call('ZSCORE', KEYS[4], key) then
  return 0
end
local now = ARGV[4]

if ARGV[5] ~= '0' then
  redis.call('LTRIM', KEYS[1], ARGV[5], -1)
end

local at = 24
local function take()
  at = at + 1
  return ARGV[at - 1]
end
for _ = 1, tonumber(ARGV[15]) do
  local field = take()
  redis.call('HSET', fields, field, take())
end
for _ = 1, tonumber(ARGV[16]) do
  redis.call('HDEL', fields, take())
end
for _ = 1, tonumber(ARGV[17]) do
  local name = take()
  redis.call('RPUSH', ARGV[14] .. 'tx:' .. name, take())
end
for _ = 1, tonumber(ARGV[18]) do
  local name, score = take(), take()
  if score == '' then
    redis.call('ZREM', ARGV[14] .. 'ix:' .. name, key)
  else
    redis.call('ZADD', ARGV[14] .. 'ix:' .. name, score, key)
  end
end
if ARGV[22] ~= '' then
  redis.call('SREM', ARGV[14] .. 'find', ARGV[22])
end
if ARGV[23] ~= '' then
  redis.call('SADD', ARGV[14] .. 'find', ARGV[23])
end
for _ = 1, tonumber(ARGV[19]) do
  local id = take()
  redis.call('ZADD', KEYS[8], now, id)
  redis.call('HSET', KEYS[9], id, take())
end
for _ = 1, tonumber(ARGV[20]) do
  local id, value = take(), take()
  redis.call('SET', ARGV[14] .. 're:' .. id, value, 'PX', take())
end
for _ = 1, tonumber(ARGV[21]) do
  local list, ttl = ARGV[14] .. 'tx:' .. take(), tonumber(take())
  if ttl > 0 then
    redis.call('PEXPIRE', list, ttl)
  elseif ttl == 0 then
    redis.call('PERSIST', list)
  else
    redis.call('DEL', list)
  end
end

redis.call('HSET', fields, '_ci', ARGV[3], '_schema', ARGV[11], '_w', ARGV[7], '_d', ARGV[8])
redis.call('HINCRBY', fields, '_v', 1)
if ARGV[15] ~= '0' then
  redis.call('ZADD', KEYS[10], redis.call('INCR', KEYS[11]), key)
end
-- Events that came since are to be forwarded first, so that none is overtaken by those that go to the new mailbox at once.
if ARGV[12] ~= '' and redis.call('LLEN', KEYS[1]) == 0 then
  redis.call('HSET', fields, '_moved', ARGV[12])
end
if ARGV[8] == '' then
  redis.call('ZREM', KEYS[5], key)
else
  redis.call('ZADD', KEYS[5], ARGV[8], key)
end

if ARGV[6] == '1' then
  redis.call('ZREM', KEYS[4], key)
  redis.call('HDEL', fields, '_l', '_f')
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[10])
  redis.call('PEXPIRE', KEYS[2], ARGV[10])
  local waiting = redis.call('LLEN', KEYS[1]) > 0
  local halted = redis.call('ZSCORE', KEYS[6], key) -- halted meanwhile: stays so, with all it has
  if waiting and not halted then
    redis.call('ZADD', KEYS[3], now, key)
  elseif ARGV[7] ~= '' and not halted then
    redis.call('ZADD', KEYS[3], ARGV[7], key)
  end
  if halted then
    redis.call('PERSIST', fields)
  elseif ARGV[13] == '1' and not waiting and ARGV[7] == '' and ARGV[8] == '' then
    redis.call('DEL', fields)
    -- Who follows the changes learns that it is gone. Only the newest of a partition are told: see changes.go.
    if redis.call('ZREM', KEYS[10], key) == 1 then
      local gone = ARGV[14] .. 'gone'
      redis.call('ZADD', gone, redis.call('INCR', KEYS[11]), key)
      redis.call('ZREMRANGEBYRANK', gone, 0, -257)
    end
  elseif ARGV[9] ~= '' then
    redis.call('PEXPIRE', fields, ARGV[9])
  else
    redis.call('PERSIST', fields)
  end
end
return 1
