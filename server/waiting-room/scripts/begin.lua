-- All who were drawn have their places: admission begins. Whoever stands in line without one (signed in since) goes to its end.
-- KEYS  as includes/room.lua
-- ARGV  1 the last place of the draw
-- Reply {'OK', phase}; 'closed' when there are more to place: call it again
--- @include "room"

if PHASE ~= 'closed' then return { 'OK', PHASE or '' } end
local next = math.max(tonumber(state[3]), tonumber(ARGV[1]))
local without = redis.call('ZRANGEBYSCORE', LINE, 0, 0, 'LIMIT', 0, 200)
for i = 1, #without do
  local ticket, _, network = ticket_of(without[i])
  next = next + 1
  redis.call('HSET', PLACE, without[i], (ticket or '-') .. ' ' .. next .. ' ' .. (network or '-'))
  redis.call('ZADD', LINE, next, without[i])
end
redis.call('HSET', ROOM, 'next', next)
if #without == 200 then return { 'OK', PHASE } end
redis.call('HSET', ROOM, 'phase', 'open', 'tick', NOW, 'carry', 0)
return { 'OK', 'open' }
