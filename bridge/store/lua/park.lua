-- Keeps a delivery status until its message is known.
-- KEYS[1] list: the message's statuses, oldest first
-- ARGV[1] the status; ARGV[2] time to live in ms, counted anew; ARGV[3] how many to keep
-- Returns how many are kept.
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('LLEN', KEYS[1])
