-- Makes Redis agree with what Postgres says of single seats. Postgres decides who has a seat, so a hold gives way.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  seat, truth, hold, seat, truth, hold, …  truth: 'booked', 'pending' (the booking of this hold waits for its
--       payment), 'blocked', 'free'
-- Reply {'OK', how many seats were wrong} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local seats, truths, leases = {}, {}, {}
for i = 1, #ARGV, 3 do
  seats[#seats + 1] = ARGV[i]
  truths[#truths + 1] = ARGV[i + 1]
  leases[#leases + 1] = ARGV[i + 2]
end
local states = states_of(seats)
local owners = redis.call('HMGET', OWNER, unpack(seats))
local tally = { [BOOKED] = 0, [BLOCKED] = 0 }
local wrong = 0

local function leave_hold(seat, id)
  redis.call('HDEL', OWNER, seat)
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'buyer', 'phase', 'network')
  if not hold[1] then return end
  local kept = {}
  for _, other in ipairs(split(hold[1])) do
    if other ~= seat then kept[#kept + 1] = other end
  end
  redis.call('HSET', HOLD .. id, 'seats', table.concat(kept, ','))
  if hold[3] == 'paying' then count_taken(hold[2], -1) end
  count_network(hold[4], -1)
  if #kept == 0 then forget_hold(id, hold[2]) end
end

-- A hold that has lost its seats or its deadline would keep them for ever.
local function stands(id)
  return id and redis.call('ZSCORE', DUE, id) and redis.call('HEXISTS', HOLD .. id, 'seats') == 1
end

local function set(i, state, cause, hold, buyer)
  if states[i] == BOOKED or states[i] == BLOCKED then tally[states[i]] = tally[states[i]] - 1 end
  if state == BOOKED or state == BLOCKED then tally[state] = tally[state] + 1 end
  change(state, { seats[i] }, cause, hold, buyer)
  wrong = wrong + 1
end

-- The seat becomes what Postgres says, whoever holds it.
local function decide(i, state, why)
  local owner = owners[i]
  local buyer = owner and redis.call('HGET', HOLD .. owner, 'buyer') or ''
  if owner then leave_hold(seats[i], owner) end
  if states[i] ~= state then set(i, state, owner and why or 'mend', owner or '', buyer) end
end

for i = 1, #seats do
  local state, owner, truth = states[i], owners[i], truths[i]
  if truth == 'pending' and owner == leases[i] and stands(owner) then
    if state ~= HELD then set(i, HELD, 'mend', owner, redis.call('HGET', HOLD .. owner, 'buyer') or '') end
  elseif truth == 'booked' or truth == 'pending' then
    decide(i, BOOKED, 'lost')
  elseif truth == 'blocked' then
    -- A hold gives way: the organizer wants the seat, and no checkout could book it any more.
    decide(i, BLOCKED, 'revoke')
  elseif truth == 'free' then
    local orphan = not stands(owner)
    if orphan and owner then redis.call('HDEL', OWNER, seats[i]) end
    if state == BOOKED or state == BLOCKED or (state == HELD and orphan) then set(i, AVAILABLE, 'mend', '', '') end
  end
end
if tally[BOOKED] ~= 0 then redis.call('HINCRBY', META, 'booked', tally[BOOKED]) end
if tally[BLOCKED] ~= 0 then redis.call('HINCRBY', META, 'blocked', tally[BLOCKED]) end
finish()
return { 'OK', wrong }
