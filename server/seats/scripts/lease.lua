-- Checkout begins: the buyer's hold becomes a payment lease with a deadline of its own. Again: the same answer.
-- The buyer may then start another hold; the leased seats count towards the cap in `taken`.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 hold id  2 buyer  3 lease (ms)
-- Reply {'OK', id, seats, deadline, …} | {'NONE'} when the hold is over | {'FOREIGN'} | {'CAP', cap, taken} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local id, buyer = ARGV[1], ARGV[2]
local hold = read_hold(id)
if not hold then return { 'NONE' } end
if hold[5] ~= buyer then return { 'FOREIGN' } end
if hold[4] == 'paying' then return reply_hold(id, hold) end

local seats = split(hold[1])
if #still_owned(id, seats) ~= #seats then return { 'NONE' } end
-- What a guest chose, and took into an account that has seats already.
local taken = tonumber(redis.call('HGET', TAKEN, buyer) or 0)
if #seats + taken > tonumber(head[6]) then return { 'CAP', head[6], taken } end
local deadline = NOW + tonumber(ARGV[3])
redis.call('HSET', HOLD .. id, 'phase', 'paying')
hold[4] = 'paying'
move_deadline(id, hold, deadline)
if redis.call('GET', BUYER .. buyer) == id then redis.call('DEL', BUYER .. buyer) end
count_taken(buyer, #seats)
return reply_hold(id, hold)
