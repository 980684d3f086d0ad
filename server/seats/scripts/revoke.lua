-- The organizer ends somebody's open hold: its seats are on sale again. A lease goes back through its booking alone.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 hold id
-- Reply {'OK'} | {'NONE'} when the hold was over | {'PAYING'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local hold = read_hold(ARGV[1])
if not hold then return { 'NONE' } end
if hold[4] == 'paying' then return { 'PAYING' } end
-- The cause tells the nodes, and they tell the buyer, that it was not the buyer who let go.
end_hold(ARGV[1], 'revoke')
finish()
return { 'OK' }
