-- Gives back some seats of a hold, or all of them. Acts only on seats that still belong to that hold.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer ('' when Fullhouse itself ends the hold)  2 hold id ('' for the buyer's open one)  3… seats (none: all)
-- Reply {'OK', id, seats, …} with what is left | {'NONE', version} when nothing is | {'FOREIGN'} | {'PAYING'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local buyer, id = ARGV[1], ARGV[2]
if id == '' then id = redis.call('GET', BUYER .. buyer) end
if not id then return { 'NONE' } end
local hold = read_hold(id)
if not hold then
  if redis.call('HGET', HOLD .. id, 'epoch') == EPOCH then end_hold(id, 'expire') end
  finish()
  return { 'NONE', EPOCH .. '-' .. VERSION }
end
if buyer ~= '' and hold[5] ~= buyer then return { 'FOREIGN' } end
-- Seats that are being paid for go back through the booking, never behind its back.
if buyer ~= '' and hold[4] == 'paying' then return { 'PAYING' } end

if #ARGV == 2 then
  end_hold(id, 'release')
  finish()
  return { 'NONE', EPOCH .. '-' .. VERSION }
end

local unwanted, kept, back = {}, {}, {}
for i = 3, #ARGV do unwanted[ARGV[i]] = true end
for _, seat in ipairs(split(hold[1])) do
  if unwanted[seat] then back[#back + 1] = seat else kept[#kept + 1] = seat end
end
if #kept == 0 then
  end_hold(id, 'release')
  finish()
  return { 'NONE', EPOCH .. '-' .. VERSION }
end
local owned = still_owned(id, back)
if #owned > 0 then
  redis.call('HDEL', OWNER, unpack(owned))
  change(AVAILABLE, owned, 'release', id, hold[5])
end
hold[1] = table.concat(kept, ',')
count_network(hold[8], -#back)
redis.call('HSET', HOLD .. id, 'seats', hold[1])
finish()
return reply_hold(id, hold)
