-- An organizer takes seats off sale, or puts them back. Held and booked seats are left alone.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 the new state: 3 blocked, 0 available  2… seats
-- Reply {'OK', seat…} naming the seats that were changed | {'REBUILD'}
--- @include "show"
--- @include "change"

if not READY then return { 'REBUILD' } end
local to = tonumber(ARGV[1])
local from = to == BLOCKED and AVAILABLE or BLOCKED
local seats = {}
for i = 2, #ARGV do seats[#seats + 1] = ARGV[i] end
local states, changed = states_of(seats), {}
for i = 1, #seats do
  if states[i] == from then changed[#changed + 1] = seats[i] end
end
if #changed > 0 then
  change(to, changed, to == BLOCKED and 'block' or 'unblock', '', '')
  redis.call('HINCRBY', META, 'blocked', to == BLOCKED and #changed or -#changed)
end
finish()
return { 'OK', unpack(changed) }
