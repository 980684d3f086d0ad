-- Takes the first of these blocks of seats that is wholly available, for the buyer's hold. A buyer without a hold
-- gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id  6 seats in a block
--       7… the blocks, best first, one after the other; at most 200 seats in all
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now} | {'TAKEN'} | {'CAP', cap, taken} | {'PAUSED'}
--       | {'CLOSED'} | {'EARLY', opens} | {'RANGE', seat} | {'FULL'} | {'REBUILD'}
-- Raises a hint on <base>:changed. Without any block it says whether this buyer could hold that many seats now.
-- The blocks were chosen on a map that may be some moments old: what is available is decided here.
--- @include "show"
--- @include "change"
--- @include "buyer"

local overdue, more = {}, tonumber(ARGV[6])
--- @include "cap"

local fresh
for first = 7, #ARGV, more do
  local block = {}
  for i = 1, more do
    block[i] = ARGV[first + i - 1]
    -- Past its end the map reads as available.
    if tonumber(block[i]) >= capacity then return { 'RANGE', block[i] } end
  end
  local states = states_of(block)
  fresh = block
  for i = 1, more do
    if states[i] ~= AVAILABLE then fresh = nil end
  end
  if fresh then break end
end
if not fresh then return { 'TAKEN' } end

--- @include "take"
