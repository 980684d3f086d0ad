-- Takes the first of these blocks of seats that is wholly available, for the buyer's hold. A buyer without a hold
-- gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id
--       6 the buyer's network, '' when nobody knows  7 seats in a block
--       8 '1' where a block may leave a single seat between itself and what is taken
--       9… the blocks, best first, at most 200 seats in all; after the seats of each the two beside it on one
--       side and the two on the other, nearer one first, '' where there is none
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now, terms} | {'TAKEN'} | {'CAP', cap, taken} | {'PAUSED'}
--       | {'ROOM'} | {'COOL', until, now, who} | {'NETWORK', cap, taken} | {'CLOSED'} | {'EARLY', opens} | {'FULL'} | {'REBUILD'}
-- Raises a hint on <base>:changed. Without any block it says whether this buyer could hold that many seats now.
-- The blocks were chosen on a map that may be some moments old: what is available is decided here.
--- @include "show"
--- @include "change"
--- @include "buyer"
--- @include "fair"

local overdue, more = {}, tonumber(ARGV[7])
--- @include "cap"

-- One read of the whole map costs less than asking for the seats of many blocks one by one.
local map = redis.call('GET', MAP) or ''
local PLACE = { [0] = 64, 16, 4, 1 }
local function is_available(seat)
  local index = tonumber(seat)
  if not index then return false end
  local byte = string.byte(map, math.floor(index / 4) + 1) or 0
  return math.floor(byte / PLACE[index % 4]) % 4 == AVAILABLE
end

local function all_available(first)
  for i = first, first + more - 1 do
    -- Past its end the map reads as available.
    if not is_available(ARGV[i]) or tonumber(ARGV[i]) >= capacity then return false end
  end
  return true
end

local function leaves_single(after)
  return is_available(ARGV[after]) and not is_available(ARGV[after + 1])
    or is_available(ARGV[after + 2]) and not is_available(ARGV[after + 3])
end

local may_strand = ARGV[8] == '1'
local fresh
for first = 9, #ARGV, more + 4 do
  local after = first + more
  if all_available(first) and (may_strand or not leaves_single(after)) then
    fresh = { unpack(ARGV, first, after - 1) }
    break
  end
end
if not fresh then return { 'TAKEN' } end

--- @include "take"
