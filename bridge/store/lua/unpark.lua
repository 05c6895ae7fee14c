-- Takes all parked statuses of a message out.
-- KEYS[1] list: the message's statuses, oldest first
-- ARGV none
-- Returns the statuses, oldest first.
local all = redis.call('LRANGE', KEYS[1], 0, -1)
redis.call('DEL', KEYS[1])
return all
