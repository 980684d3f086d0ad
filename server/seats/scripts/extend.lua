-- Gives the buyer more time, never past the hold's hard limit.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 ttl (ms) from now
-- Reply {'OK', id, seats, deadline, …} | {'LIMIT', deadline} | {'NONE'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local id = redis.call('GET', BUYER .. ARGV[1])
local hold = id and read_hold(id)
if not hold then return { 'NONE' } end
local deadline = math.min(NOW + tonumber(ARGV[2]), tonumber(hold[3]))
if deadline <= tonumber(hold[2]) then
  if tonumber(hold[2]) >= tonumber(hold[3]) then return { 'LIMIT', hold[2] } end
  return reply_hold(id, hold)
end
move_deadline(id, hold, deadline)
return reply_hold(id, hold)
