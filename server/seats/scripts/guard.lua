-- The waiting list is being served: for a while, seats that become available are set aside for it. Called again and again;
-- what was set aside stays so until it is passed on here, or until nobody has called for ASIDE_MS.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 for how long (ms), 0 when nobody waits any more  2… seats set aside that fit no wish: on sale for everybody
-- Reply {'OK', the seats set aside now with commas between} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
redis.call('HSET', META, 'guard', ARGV[1] == '0' and 0 or NOW + tonumber(ARGV[1]))
if ARGV[1] == '0' then
  end_hold(HOUSE, 'pass')
  finish()
  return { 'OK', '' }
end

local kept, passed, back = {}, {}, {}
for i = 2, #ARGV do passed[ARGV[i]] = true end
local aside = split(seats_of_house())
local owned = still_owned(HOUSE, aside)
for i = 1, #owned do
  if passed[owned[i]] then back[#back + 1] = owned[i] else kept[#kept + 1] = owned[i] end
end
if #back > 0 then
  redis.call('HDEL', OWNER, unpack(back))
  change(AVAILABLE, back, 'pass', HOUSE, '')
end
if #kept > 0 then put_in_house(table.concat(kept, ',')) elseif #aside > 0 then forget_hold(HOUSE, 'h_waiting') end
finish()
return { 'OK', table.concat(kept, ',') }
