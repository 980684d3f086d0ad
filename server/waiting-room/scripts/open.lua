-- Opens the doors of a room that Redis does not have, as Postgres knows it; what stands already stays.
-- KEYS  as includes/room.lua
-- ARGV  1 phase  2 when the sale opens (ms)  3 the last place given  4 the last place let in
-- Reply {'OK', phase}
--- @include "room"

if not PHASE then
  redis.call('DEL', LINE, SEEN, PLACE, INSIDE, CROWD)
  redis.call('HSET', ROOM, 'phase', ARGV[1], 'opens', ARGV[2], 'next', ARGV[3], 'admitted', ARGV[4], 'tick', NOW, 'carry', 0,
    'rate', 0)
  return { 'OK', ARGV[1] }
end
if PHASE == 'lobby' then redis.call('HSET', ROOM, 'opens', ARGV[2]) end
return { 'OK', PHASE }
