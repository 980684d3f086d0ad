-- Checkout did not come to a booking: the lease becomes an open hold again, within its old hard limit.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 hold id  2 buyer  3 ttl (ms)
-- Reply {'OK', id, seats, deadline, …} | {'NONE'} | {'FOREIGN'} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local id, buyer = ARGV[1], ARGV[2]
local hold = read_hold(id)
if not hold then return { 'NONE' } end
if hold[5] ~= buyer then return { 'FOREIGN' } end
if hold[4] ~= 'paying' then return reply_hold(id, hold) end

local limit = tonumber(hold[3])
local other = redis.call('GET', BUYER .. buyer)
if other or limit <= NOW then
  -- One open hold a buyer: the newer one stays. And past the hard limit there is no time to give back.
  end_hold(id, 'release')
  finish()
  return { 'NONE' }
end
local deadline = math.min(NOW + tonumber(ARGV[3]), limit)
redis.call('HSET', HOLD .. id, 'phase', 'selecting')
count_taken(buyer, -#split(hold[1]))
hold[4] = 'selecting'
move_deadline(id, hold, deadline)
return reply_hold(id, hold)
