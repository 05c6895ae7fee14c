-- Gives a session a new token, which lives as long as the session.
-- KEYS[1] string: the session; KEYS[2] string: the token that is shown, with the session's end in ms of Redis' clock; KEYS[3] string:
-- the new token
-- ARGV[1] what the session holds from now on; ARGV[2] its life in ms; ARGV[3] how long the shown token stays good, in ms
-- Returns until when the session lives, in ms of that clock; 0 when there is no such session, or its end has come.
local ends = redis.call('GET', KEYS[2])
if not ends or redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local life = math.min(tonumber(ARGV[2]), tonumber(ends) - now)
if life <= 0 then
  return 0
end
local ms = string.format('%.0f', life)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ms)
redis.call('SET', KEYS[3], ends, 'PX', ms)
if redis.call('PTTL', KEYS[2]) > tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return now + life
