-- Corrects the budget of ticket updates by what an answer's headers say; it only ever takes away.
-- KEYS[1] hash: the account's budget
-- ARGV[1..16] as in budget.lua; ARGV[17] updates that remain; ARGV[18] ms until the window starts anew, 0 = not told; ARGV[19] ms to wait
-- when nothing remains and nothing is told
-- Returns 1.
local remaining, reset = tonumber(ARGV[17]), tonumber(ARGV[18])
local b = read()
if remaining <= 0 then
  if reset <= 0 then reset = tonumber(ARGV[19]) end
  local before = math.max(b.clock, b.hold)
  b.hold = math.max(before, math.max(now + reset, b.pause) - b.skew)
  b.uskew = b.uskew + b.hold - before
  b.upd = math.min(b.upd, 0)
else
  b.upd = math.min(b.upd, remaining - b.updRate * math.min(reset, 60000))
end
save(b)
return 1
