-- A guest has signed in: the hold they chose as a guest is theirs still. A user's own open hold goes first.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 guest  2 user's buyer id
-- Reply {'OK', id, seats, …} | {'NONE'} | {'REBUILD'}
--- @include "show"

if not READY then return { 'REBUILD' } end
local guest, buyer = ARGV[1], ARGV[2]
local id = redis.call('GET', buyer_key(guest))
local hold = id and read_hold(id)
if not hold then return { 'NONE' } end
local own = redis.call('GET', buyer_key(buyer))
if own and read_hold(own) then return { 'NONE' } end
redis.call('HSET', hold_key(id), 'buyer', buyer)
redis.call('DEL', buyer_key(guest))
redis.call('SET', buyer_key(buyer), id, 'PX', math.max(1, tonumber(hold[3]) - NOW) + AFTERLIFE)
hold[5] = buyer
return reply_hold(id, hold)
