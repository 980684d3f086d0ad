-- Postgres has confirmed the booking: the hold's seats become booked. Seats booked already stay so.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 hold id  2… seats
-- Reply {'OK', seat…} naming seats that are not this hold's any more (the caller mends them) | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local id = ARGV[1]
local seats = {}
for i = 2, #ARGV do seats[#seats + 1] = ARGV[i] end
local owners = redis.call('HMGET', OWNER, unpack(seats))
local states = states_of(seats)
local owned, missed = {}, {}
for i = 1, #seats do
  if owners[i] == id then
    owned[#owned + 1] = seats[i]
  elseif states[i] ~= BOOKED then
    missed[#missed + 1] = seats[i]
  end
end
if #owned > 0 then
  local hold = redis.call('HMGET', HOLD .. id, 'buyer', 'network')
  local buyer = hold[1] or ''
  redis.call('HDEL', OWNER, unpack(owned))
  change(BOOKED, owned, 'book', id, buyer)
  redis.call('HINCRBY', META, 'booked', #owned)
  if hold[2] then
    -- Their network has them until they are freed.
    local networks = { 'HSET', NETWORK_OF }
    for i = 1, #owned do networks[2 * i + 1], networks[2 * i + 2] = owned[i], hold[2] end
    redis.call(unpack(networks))
  end
  -- Who buys is no hoarder.
  if FIRST_WAIT > 0 then redis.call('DEL', COOL .. buyer) end
  -- Nor are they in the way of who waits.
  if NEEDS_ROOM == '1' then redis.call('ZREM', INSIDE, buyer) end
  forget_hold(id, buyer)
end
finish()
return { 'OK', unpack(missed) }
