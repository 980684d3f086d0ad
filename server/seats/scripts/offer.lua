-- Holds, for somebody on the waiting list, the first of these blocks whose seats are all available or set aside.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id of the offer's hold  3 ttl (ms)  4 hard limit (ms)  5 request id  6 ''
--       7 seats in a block  8… the blocks, best first, at most 200 seats in all
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now, terms} | {'HOLDING'} when the buyer has other seats in hand
--       | {'TAKEN'} | {'CAP', cap, taken} | {'PAUSED'} | {'CLOSED'} | {'CANCELLED'} | {'EARLY', opens} | {'FULL'} | {'REBUILD'}
-- The offer's hold stands already when whoever made it died before writing it down: it is answered as it is.
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local standing = read_hold(ARGV[2])
if standing then return reply_hold(ARGV[2], standing) end
--- @include "buyer"
if hold then return { 'HOLDING' } end

local overdue, more = {}, tonumber(ARGV[7])
--- @include "cap"

local wanted = { unpack(ARGV, 8) }
if #wanted == 0 then return { 'TAKEN' } end
local states, owners = states_of(wanted), redis.call('HMGET', OWNER, unpack(wanted))

local function all_free(first)
  for i = first, first + more - 1 do
    if tonumber(wanted[i]) >= capacity then return false end
    if states[i] ~= AVAILABLE and owners[i] ~= HOUSE then return false end
  end
  return true
end

local fresh, from_house
for first = 1, #wanted, more do
  if all_free(first) then
    fresh, from_house = { unpack(wanted, first, first + more - 1) }, {}
    for i = first, first + more - 1 do
      if owners[i] == HOUSE then from_house[#from_house + 1] = wanted[i] end
    end
    break
  end
end
if not fresh then return { 'TAKEN' } end

if #from_house > 0 then
  local given, kept = {}, {}
  for i = 1, #from_house do given[from_house[i]] = true end
  for _, seat in ipairs(split(seats_of_house())) do
    if not given[seat] then kept[#kept + 1] = seat end
  end
  change(AVAILABLE, from_house, 'pass', HOUSE, '')
  if #kept > 0 then put_in_house(table.concat(kept, ',')) else forget_hold(HOUSE, 'h_waiting') end
end

--- @include "take"
