-- Hands out the time at which a piece of work may go.
-- KEYS[1] hash: the account's budget; KEYS[2] string: what this id has reserved; KEYS[3] string: the ticket's budget
-- ARGV[1..16] as in budget.lua; ARGV[17] lane, 0 the most urgent; ARGV[18] requests; ARGV[19..21] 1 when it updates a ticket, writes a
-- user, reads an incremental export; ARGV[22] ms between a ticket's updates, ARGV[23] their burst; ARGV[24] ms between user writes;
-- ARGV[25] ms between incremental reads, ARGV[26] their burst; ARGV[27] ms after which a reservation lapses; ARGV[28] ms a reservation is
-- kept after its time
-- Returns the time, ms; not later than now means go.
local lane, requests = tonumber(ARGV[17]) + 1, tonumber(ARGV[18])
local update, user, incremental = ARGV[19] == '1', ARGV[20] == '1', ARGV[21] == '1'
local b = read()

local function keep(kind, t, due)
  redis.call('SET', KEYS[2], kind .. string.format('%.6f', t), 'PX', due - now + tonumber(ARGV[28]))
  save(b)
  return due
end

-- The limits of single tickets, of user writes and of incremental reads come first (kind p), because the account must not keep a place
-- free for work that may not go yet; when that time has come, the account gives its own (kind a for requests, u for updates).
local narrow = true
local held = redis.call('GET', KEYS[2])
if held then
  local kind, t = string.sub(held, 1, 1), tonumber(string.sub(held, 2))
  local due = t
  if kind == 'a' then due = real(b, t) elseif kind == 'u' then due = updateReal(b, t) end
  if now < due then return due end
  redis.call('DEL', KEYS[2])
  if now - due <= tonumber(ARGV[27]) then
    if kind ~= 'p' then return due end
    narrow = false
  end
end

-- gate is a GCRA: the earliest time at which one more may go, and the state after it.
local function gate(tat, interval, burst)
  local t = math.max(now, tat - (burst - 1) * interval)
  return t, math.max(tat, t) + interval
end

if narrow then
  local first, t = now, now
  if update then
    local interval = tonumber(ARGV[22])
    local tat
    t, tat = gate(number(redis.call('GET', KEYS[3]), 0), interval, tonumber(ARGV[23]))
    redis.call('SET', KEYS[3], string.format('%.6f', tat), 'PX', math.ceil(tat - now + interval))
    first = math.max(first, t)
  end
  if user then
    t, b.user = gate(b.user, tonumber(ARGV[24]), 1)
    first = math.max(first, t)
  end
  if incremental then
    t, b.incr = gate(b.incr, tonumber(ARGV[25]), tonumber(ARGV[26]))
    first = math.max(first, t)
  end
  first = math.ceil(first - 0.001)
  if first > now then return keep('p', first, first) end
end

-- The last tokens are left to the lanes that are more urgent.
local function room(tokens, cap, n)
  return tokens >= math.min(cap, n + cap * (lane - 1) / 10)
end

local clocks, clock = b.q, b.clock
if update then clocks, clock = b.u, b.uclock end
-- In a pause there are no tokens and none come, because the clock stands still.
if clocks[lane] <= clock and room(b.req, b.reqCap, requests) and (not update or room(b.upd, b.updCap, 1)) then
  b.req = b.req - requests
  if update then b.upd = b.upd - 1 end
  save(b)
  return now
end
local spacing
if update then
  spacing = 1 / (ushare[lane] * b.updRate)
  b.req = b.req - (requests - 1) -- the slot pays for one
else
  spacing = requests / (share[lane] * b.lookRate)
end
local t = math.max(clock, clocks[lane]) + spacing
clocks[lane] = t
if update then return keep('u', t, updateReal(b, t)) end
return keep('a', t, real(b, t))
