-- Holds back what a number sends. What has its time already waits for as long as the number does.
-- KEYS[1] hash: the number's rate
-- ARGV[1] now, ms; ARGV[2] until when, ms; ARGV[3] ms that things are kept
-- Returns until when, ms.
local now = tonumber(ARGV[1])
local state = redis.call('HMGET', KEYS[1], 'tat', 'skew', 'pause')
local tat, skew = tonumber(state[1] or '0'), tonumber(state[2] or '0')
local before = math.max(now, tonumber(state[3] or '0'))
local pause = math.max(before, tonumber(ARGV[2]))
skew = skew + pause - before
redis.call('HSET', KEYS[1], 'skew', string.format('%.6f', skew), 'pause', string.format('%.0f', pause))
redis.call('PEXPIRE', KEYS[1], math.ceil(math.max(tat + skew, pause) - now + tonumber(ARGV[3])))
return pause
