-- Notes what an agent does at a conversation, and tells who is there. Times are Redis' own, so that instances need not agree on one.
-- KEYS[1] hash: agent → when "looks" ends (ms), when "writes" ends (ms), name, with spaces between them
-- ARGV[1] agent; ARGV[2] name; ARGV[3] how long the agent looks from now on (ms; 0 = has left); ARGV[4] how long it writes (ms)
-- Returns {now (ms), agent, entry, agent, entry …}; entries that have ended are taken out.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if ARGV[3] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %.0f %s', now + ARGV[3], now + ARGV[4], ARGV[2]))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
local reply = {string.format('%.0f', now)}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if tonumber(string.match(all[i + 1], '^%d+')) <= now then
    redis.call('HDEL', KEYS[1], all[i])
  else
    reply[#reply + 1] = all[i]
    reply[#reply + 1] = all[i + 1]
  end
end
return reply
