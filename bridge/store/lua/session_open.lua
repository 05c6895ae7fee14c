-- Begins a session.
-- KEYS[1] string: the session; KEYS[2] string: its token, which holds the session's end; KEYS[3] sorted set: the agent's sessions by
-- their ends
-- ARGV[1] what the session holds; ARGV[2] its life in ms; ARGV[3] after how many ms it ends, however often it is renewed; ARGV[4] its
-- end in ms of Redis' clock in place of that, 0 = none; ARGV[5] its name among the agent's
-- Returns until when it lives, in ms of that clock; 0 when its end has come.
if KEYS[4] and redis.call('EXISTS', KEYS[4]) == 0 then
  return 0
end
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local ends = now + tonumber(ARGV[3])
if tonumber(ARGV[4]) > 0 then
  ends = tonumber(ARGV[4])
end
local life = math.min(tonumber(ARGV[2]), ends - now)
if life <= 0 then
  return 0
end
local ms, stamp = string.format('%.0f', life), string.format('%.0f', ends)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ms)
redis.call('SET', KEYS[2], stamp, 'PX', ms)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', string.format('%.0f', now))
redis.call('ZADD', KEYS[3], stamp, ARGV[5])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return now + life
