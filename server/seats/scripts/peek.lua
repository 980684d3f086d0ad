-- Reads a hold without changing anything.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 hold id ('' for the buyer's open one)
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, version, terms} | {'NONE'} | {'OVER'} when it was the buyer's | {'FOREIGN'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local id = ARGV[2]
if id == '' then id = redis.call('GET', BUYER .. ARGV[1]) end
if not id then return { 'NONE' } end
local hold = read_hold(id)
if not hold then
  return { redis.call('HGET', HOLD .. id, 'buyer') == ARGV[1] and 'OVER' or 'NONE' }
end
if hold[5] ~= ARGV[1] then return { 'FOREIGN' } end
return reply_hold(id, hold)
