-- A buyer wants no seats any more: their place, and an admission that they have not used, are for others.
-- KEYS  as includes/room.lua
-- ARGV  1 buyer
-- Reply {'OK'}
--- @include "room"

forget(ARGV[1])
redis.call('DEL', ADMISSION .. ARGV[1])
redis.call('ZREM', INSIDE, ARGV[1])
return { 'OK' }
