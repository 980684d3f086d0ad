-- A buyer comes, or says that they are still here.
-- KEYS  as includes/room.lua
-- ARGV  1 buyer  2 the guest they were before signing in, or ''  3 a ticket for who has none, '' for who only looks
--       4 network, or ''  5 the most tickets that a network may have, 0: any number
-- Reply {'IN', until, now} | {'WAITS', ticket, place, how many before, waiting, now} | {'OUT'} for who has no ticket
--       | {'CROWD', tickets of the network} | {'ABSENT'} when Redis does not have this room
--- @include "room"

if not PHASE then return { 'ABSENT' } end
local buyer, guest, network = ARGV[1], ARGV[2], ARGV[4]
if guest ~= '' and guest ~= buyer then
  if redis.call('EXISTS', ADMISSION .. guest) == 1 then
    redis.call('RENAMENX', ADMISSION .. guest, ADMISSION .. buyer)
    local ends = redis.call('ZSCORE', INSIDE, guest)
    if ends then
      redis.call('ZADD', INSIDE, ends, buyer)
      redis.call('ZREM', INSIDE, guest)
    end
  end
  local had = redis.call('HGET', PLACE, guest)
  if had and redis.call('HEXISTS', PLACE, buyer) == 0 then
    redis.call('HSET', PLACE, buyer, had)
    redis.call('HDEL', PLACE, guest)
    redis.call('ZREM', LINE, guest)
    redis.call('ZREM', SEEN, guest)
  end
end

local ends = tonumber(redis.call('GET', ADMISSION .. buyer) or 0)
if ends > NOW then return { 'IN', ends, tostring(NOW) } end

local ticket, place = ticket_of(buyer)
if not ticket then
  if ARGV[3] == '' then return { 'OUT' } end
  if network ~= '' then
    local most = tonumber(ARGV[5])
    local tickets = tonumber(redis.call('HGET', CROWD, network) or 0)
    if most > 0 and tickets >= most then return { 'CROWD', tickets } end
    redis.call('HINCRBY', CROWD, network, 1)
  end
  ticket = ARGV[3]
  place = PHASE == 'lobby' and 0 or redis.call('HINCRBY', ROOM, 'next', 1)
  redis.call('HSET', PLACE, buyer, ticket .. ' ' .. place .. ' ' .. (network == '' and '-' or network))
end
redis.call('ZADD', SEEN, NOW, buyer)
redis.call('ZADD', LINE, place, buyer)
local before = place > 0 and redis.call('ZCOUNT', LINE, '-inf', '(' .. place) or 0
return { 'WAITS', ticket, place, before, redis.call('ZCARD', LINE), tostring(NOW) }
