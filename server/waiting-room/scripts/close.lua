-- The list of the draw is closed, in this very moment: whoever comes from now on stands behind it.
-- KEYS  as includes/room.lua
-- ARGV  1 so long (ms) before the opening  2 whoever was not heard of for so long (ms) is not there
-- Reply {'OK', phase}; 'lobby' when it is too early, or some who are gone are to be dropped first: call it again
--- @include "room"

if PHASE ~= 'lobby' or NOW < tonumber(state[2]) - ARGV[1] then return { 'OK', PHASE or '' } end
local gone = redis.call('ZRANGEBYSCORE', SEEN, '-inf', NOW - ARGV[2], 'LIMIT', 0, 200)
for i = 1, #gone do forget(gone[i]) end
if #gone == 200 then return { 'OK', PHASE } end
redis.call('HSET', ROOM, 'phase', 'closed', 'next', redis.call('ZCARD', LINE))
return { 'OK', 'closed' }
