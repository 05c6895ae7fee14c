-- Corrects the budget by what an answer's headers say; it only ever takes away.
-- KEYS[1] hash: the account's budget
-- ARGV[1..11] as in budget.lua; ARGV[12] limit per minute, 0 = not told; ARGV[13] requests that remain; ARGV[14] ms until the window starts
-- anew, 0 = not told; ARGV[15] ms to wait when nothing remains and nothing is told
-- Returns 1.
local remaining, reset = tonumber(ARGV[13]), tonumber(ARGV[14])
local b = read()
if tonumber(ARGV[12]) > 0 then b.limit = tonumber(ARGV[12]) end
if remaining <= 0 then
  if reset <= 0 then reset = tonumber(ARGV[15]) end
  local before = math.max(now, b.pause)
  b.pause = math.max(before, now + reset)
  b.skew = b.skew + b.pause - before
  b.req = math.min(b.req, 0)
else
  -- Until the window starts anew only this much may go, of which the refill will bring the most.
  b.req = math.min(b.req, remaining - b.reqRate * math.min(reset, 60000))
end
save(b)
return 1
