-- Takes all the seats for the buyer's hold, or none of them. A buyer without a hold gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id  6… seat indexes
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now} | {'TAKEN', seat…} | {'CAP', cap, taken} | {'PAUSED'}
--       | {'CLOSED'} | {'EARLY', opens} | {'RANGE', seat} | {'FULL'} | {'REBUILD'}
-- Raises a hint on <base>:changed. A seat whose hold has run out counts as available here and now:
-- correctness never waits for the sweeper. The same request id again gives the same answer.
--- @include "show"
--- @include "change"

if not READY then return { 'REBUILD' } end
if head[5] == 'paused' then return { 'PAUSED' } end
if head[5] == 'closed' or NOW >= tonumber(head[8]) then return { 'CLOSED' } end
if NOW < tonumber(head[7]) then return { 'EARLY', head[7] } end

local MAX_SEATS = 50
local REMEMBERED = 8
local capacity = tonumber(head[4])
local buyer, request = ARGV[1], '\n' .. ARGV[5] .. '\n'
local id = redis.call('GET', BUYER .. buyer)
local hold
if id then
  hold = redis.call('HMGET', HOLD .. id, 'seats', 'deadline', 'limit', 'phase', 'epoch', 'requests')
  if not hold[1] or hold[5] ~= EPOCH or tonumber(hold[2]) <= NOW then
    hold = nil
  elseif string.find(hold[6], request, 1, true) then
    return { 'OK', id, hold[1], hold[2], hold[3], hold[4], buyer, tostring(NOW) }
  end
end

local wanted = {}
for i = 6, #ARGV do
  if tonumber(ARGV[i]) >= capacity then return { 'RANGE', ARGV[i] } end
  wanted[i - 5] = ARGV[i]
end
local states = states_of(wanted)
local fresh, held, gone, overdue = {}, {}, {}, {}
for i = 1, #wanted do
  local state = states[i]
  if state == AVAILABLE then
    fresh[#fresh + 1] = wanted[i]
  elseif state == HELD then
    held[#held + 1] = wanted[i]
  else
    gone[#gone + 1] = wanted[i]
  end
end
if #held > 0 then
  local owners = redis.call('HMGET', OWNER, unpack(held))
  for i = 1, #held do
    local owner = owners[i]
    if not hold or owner ~= id then
      local deadline = owner and redis.call('ZSCORE', DUE, owner)
      if deadline and tonumber(deadline) > NOW then
        gone[#gone + 1] = held[i]
      else
        if owner then overdue[owner] = true end
        fresh[#fresh + 1] = held[i]
      end
    end
  end
end
if #gone > 0 then return { 'TAKEN', unpack(gone) } end

local mine = hold and select(2, string.gsub(hold[1], '%d+', '')) or 0
local taken = tonumber(redis.call('HGET', TAKEN, buyer) or 0)
-- An overdue lease of the buyer's own still counts in `taken`, though its seats are about to come back.
if taken > 0 and mine + #fresh + taken > tonumber(head[6]) then
  for owner in pairs(overdue) do
    local late = redis.call('HMGET', HOLD .. owner, 'buyer', 'phase', 'seats')
    if late[1] == buyer and late[2] == 'paying' then taken = taken - select(2, string.gsub(late[3], '%d+', '')) end
  end
end
if mine + #fresh + taken > tonumber(head[6]) then return { 'CAP', head[6], taken } end
if mine + #fresh > MAX_SEATS then return { 'FULL' } end

if next(overdue) then
  --- @include "holds"
  for owner in pairs(overdue) do end_hold(owner, 'expire') end
end

local seats = table.concat(fresh, ',')
if #fresh > 0 then
  local owners = { 'HSET', OWNER }
  for i = 1, #fresh do
    owners[2 * i + 1], owners[2 * i + 2] = fresh[i], hold and id or ARGV[2]
  end
  redis.call(unpack(owners))
  change(HELD, fresh, 'hold', hold and id or ARGV[2], buyer)
end

if hold then
  local requests = hold[6] .. string.sub(request, 2)
  if select(2, string.gsub(requests, '\n', '')) > REMEMBERED + 1 then
    requests = string.match(requests, '^\n[^\n]*(\n.*)$')
  end
  if mine > 0 and #fresh > 0 then seats = hold[1] .. ',' .. seats elseif mine > 0 then seats = hold[1] end
  redis.call('HSET', HOLD .. id, 'seats', seats, 'requests', requests)
  finish()
  return { 'OK', id, seats, hold[2], hold[3], hold[4], buyer, tostring(NOW) }
end

id = ARGV[2]
local deadline, limit = tostring(NOW + ARGV[3]), tostring(NOW + ARGV[4])
redis.call('HSET', HOLD .. id, 'buyer', buyer, 'seats', seats, 'phase', 'selecting', 'deadline', deadline, 'limit',
  limit, 'epoch', EPOCH, 'requests', request)
redis.call('ZADD', DUE, deadline, id)
-- Ends with the hold: its expired event is the hint that wakes the sweepers.
redis.call('SET', BUYER .. buyer, id, 'PX', ARGV[3])
finish()
return { 'OK', id, seats, deadline, limit, 'selecting', buyer, tostring(NOW) }
