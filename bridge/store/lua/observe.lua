-- Corrects the budget by what an answer's headers say: the limit either way, what is left only downwards.
-- KEYS[1] hash: the account's budget
-- ARGV[1..16] as in budget.lua; ARGV[17] limit per minute, 0 = not told; ARGV[18] requests that remain; ARGV[19] ms until the window starts
-- anew, 0 = not told; ARGV[20] ms to wait when nothing remains and nothing is told
-- Returns 1.
local limit, remaining, reset = tonumber(ARGV[17]), tonumber(ARGV[18]), tonumber(ARGV[19])
local b = read()
if limit > 0 then
  b.limit = limit
  b.reqRate, b.reqCap = bucket(allowed(limit))
end
if remaining <= 0 then
  if reset <= 0 then reset = tonumber(ARGV[20]) end
  local before = math.max(now, b.pause)
  b.pause = math.max(before, now + reset)
  local longer = b.pause - before
  b.skew = b.skew + longer
  if b.hold > b.clock then -- updates wait until the same time as they did, unless requests wait longer
    local hold = math.max(b.hold - longer, b.clock)
    b.uskew = b.uskew - (b.hold - hold)
    b.hold = hold
  end
  b.req = math.min(b.req, 0)
else
  -- Until the window starts anew only this much may go, of which the refill will bring the most.
  b.req = math.min(b.req, b.reqCap, remaining - b.reqRate * math.min(reset, 60000))
end
save(b)
return 1
