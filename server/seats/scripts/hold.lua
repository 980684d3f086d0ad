-- Takes all the seats for the buyer's hold, or none of them. A buyer without a hold gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id
--       6 the plan that the indexes are of, '' when the caller does not say  7… seat indexes
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now, terms} | {'TAKEN', seat…} | {'CAP', cap, taken} | {'PAUSED'}
--       | {'CLOSED'} | {'EARLY', opens} | {'RANGE', seat} | {'FULL'} | {'PLAN'} | {'REBUILD'}
-- Raises a hint on <base>:changed. A seat whose hold has run out counts as available here and now:
-- correctness never waits for the sweeper; where others wait for it, it is theirs first. The same request id again gives the same answer.
--- @include "show"
--- @include "change"
--- @include "buyer"

-- An index of another plan is another seat.
if ARGV[6] ~= '' and ARGV[6] ~= redis.call('HGET', META, 'plan') then return { 'PLAN' } end
local wanted = {}
for i = 7, #ARGV do
  if tonumber(ARGV[i]) >= capacity then return { 'RANGE', ARGV[i] } end
  wanted[i - 6] = ARGV[i]
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
      if deadline and (GUARDED or tonumber(deadline) > NOW) then
        gone[#gone + 1] = held[i]
      else
        if owner then overdue[owner] = true end
        fresh[#fresh + 1] = held[i]
      end
    end
  end
end
if #gone > 0 then return { 'TAKEN', unpack(gone) } end

local more = #fresh
--- @include "cap"

if next(overdue) then
  --- @include "holds"
  for owner in pairs(overdue) do end_hold(owner, 'expire') end
end

--- @include "take"
