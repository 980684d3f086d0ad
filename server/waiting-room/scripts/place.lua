-- Gives those of the draw their places. Whoever is here stands in line there; whoever is away, or was forgotten with a lost
-- Redis, finds the place when they come.
-- KEYS  as includes/room.lua
-- ARGV  ticket, buyer, place, ticket, buyer, place, …
-- Reply {'OK'}
--- @include "room"

for i = 1, #ARGV, 3 do
  local ticket, buyer, place = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local _, _, network = ticket_of(buyer)
  redis.call('HSET', PLACE, buyer, ticket .. ' ' .. place .. ' ' .. (network or '-'))
  if redis.call('ZSCORE', LINE, buyer) then redis.call('ZADD', LINE, place, buyer) end
end
return { 'OK' }
