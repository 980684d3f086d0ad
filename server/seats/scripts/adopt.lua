-- A guest has signed in: the hold they chose as a guest is theirs still. A user's own open hold goes first.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 guest  2 user's buyer id
-- Reply {'OK', id, seats, …} | {'NONE'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local guest, buyer = ARGV[1], ARGV[2]
-- Whom the waiting room has admitted as a guest is admitted still.
if NEEDS_ROOM == '1' and redis.call('EXISTS', ADMISSION .. guest) == 1 then
  redis.call('RENAMENX', ADMISSION .. guest, ADMISSION .. buyer)
  local ends = redis.call('ZSCORE', INSIDE, guest)
  if ends then
    redis.call('ZADD', INSIDE, ends, buyer)
    redis.call('ZREM', INSIDE, guest)
  end
end
local id = redis.call('GET', BUYER .. guest)
local hold = id and read_hold(id)
if not hold then return { 'NONE' } end
local own = redis.call('GET', BUYER .. buyer)
if own and read_hold(own) then return { 'NONE' } end
redis.call('HSET', HOLD .. id, 'buyer', buyer)
redis.call('DEL', BUYER .. guest)
hold[5] = buyer
move_deadline(id, hold, tonumber(hold[2]))
return reply_hold(id, hold)
