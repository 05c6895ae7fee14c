-- Holds back what a number sends.
-- KEYS[1] hash: the number's rate
-- ARGV[1] until when, ms; ARGV[2] time to live, ms
-- Returns until when, ms.
local before = tonumber(redis.call('HGET', KEYS[1], 'pause') or '0')
local pause = math.max(before, tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'pause', pause)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return pause
