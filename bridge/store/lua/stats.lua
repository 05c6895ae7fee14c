-- Tells how the budget stands; it changes nothing.
-- KEYS[1] hash: the account's budget
-- ARGV[1..16] as in budget.lua
-- Returns, as integers: the limit of requests per minute; requests and updates that may go at once; until when requests and updates are
-- held back, ms, 0 = they are not; then for each lane until when its requests wait, and for each its updates, 0 = they do not.
local b = read()
local held = b.pause > now and math.ceil(b.pause) or 0
local list = {
  math.floor(b.allowed), math.max(0, math.floor(b.req)), math.max(0, math.floor(b.upd)),
  held, b.hold > b.clock and real(b, b.hold) or held,
}
for i = 1, 5 do table.insert(list, b.q[i] > b.clock and real(b, b.q[i]) or 0) end
for i = 1, 5 do table.insert(list, b.u[i] > b.uclock and updateReal(b, b.u[i]) or 0) end
return list
