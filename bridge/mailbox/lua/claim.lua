-- Takes the leases of up to `count` mailboxes of a partition that are due. First, leases that ran out and deadlines that
-- passed are turned into due entries.
-- KEYS  1 due, 2 run, 3 tmr, 4 halt
-- ARGV  1 base of the partition's keys, 2 now (ms), 3 lease (ms), 4 count, 5 most events a mailbox, 6 our schema, 7 claim token
-- returns a list of {key, events, fields as a flat list}
local t = redis.call('TIME')
local clock = t[1] * 1000000 + t[2]
local now = tonumber(ARGV[2])

local function wake(key)
  if not redis.call('ZSCORE', KEYS[4], key) then
    redis.call('ZADD', KEYS[1], 'LT', now, key)
  end
end

for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', clock), 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[2], key)
  wake(key)
end
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[3], key)
  if not redis.call('ZSCORE', KEYS[2], key) then
    wake(key)
  end
end

local claimed = {}
local want = tonumber(ARGV[4])
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, want)) do
  local fields = ARGV[1] .. 'c:' .. key
  local schema = redis.call('HGET', fields, '_schema')
  if schema and tonumber(schema) > tonumber(ARGV[6]) then
    -- written by a newer binary: left for it
    redis.call('ZADD', KEYS[1], now + 5000, key)
  else
    redis.call('ZREM', KEYS[1], key)
    redis.call('ZADD', KEYS[2], string.format('%.0f', clock + ARGV[3] * 1000), key)
    redis.call('HSET', fields, '_l', ARGV[7])
    redis.call('PERSIST', fields) -- state and journal don't expire under a worker
    claimed[#claimed + 1] = {key, redis.call('LRANGE', ARGV[1] .. 'in:' .. key, 0, ARGV[5] - 1), redis.call('HGETALL', fields)}
  end
end
return claimed
