-- Takes all the seats for the buyer's hold, or none of them. A buyer without a hold gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id
--       6 the buyer's network, '' when nobody knows  7 the plan that the indexes are of, '' when the caller does not say
--       8… seat indexes
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, version, terms} | {'TAKEN', seat…} | {'CAP', cap, taken} | {'PAUSED'}
--       | {'ROOM'} | {'COOL', until, now, who} | {'NETWORK', cap, taken} | {'CLOSED'} | {'EARLY', opens} | {'RANGE', seat} | {'FULL'} | {'PLAN'} | {'REBUILD'}
-- `version` is <epoch>-<version> of the map after this answer.
-- Raises a hint on <base>:changed. A seat whose hold has run out counts as available here and now:
-- correctness never waits for the sweeper; where others wait for it, it is theirs first. The same request id again gives the same answer.
--- @include "show"
--- @include "change"
--- @include "buyer"
--- @include "fair"

-- An index of another plan is another seat.
if ARGV[7] ~= '' and ARGV[7] ~= redis.call('HGET', META, 'plan') then return { 'PLAN' } end
local wanted = {}
for i = 8, #ARGV do
  if tonumber(ARGV[i]) >= capacity then return { 'RANGE', ARGV[i] } end
  wanted[i - 7] = ARGV[i]
end
local mine_already = hold and id or ''
--- @include "wanted"

local more = #fresh
--- @include "cap"

if next(overdue) then
  --- @include "holds"
  for owner in pairs(overdue) do end_hold(owner, 'expire') end
end

--- @include "take"
