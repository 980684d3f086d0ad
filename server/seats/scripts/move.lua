-- Seats that a confirmed booking is to have in the place of some of its own: leased for its buyer, all of them or none.
-- The organizer moves it, so neither the state of the sale nor the buyer's cap is asked: as many seats come back.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 id of the lease  2 buyer  3 lease (ms)  4 the plan that the indexes are of  5… seats
-- Reply {'OK', id, seats, deadline, …} | {'TAKEN', seat…} | {'RANGE', seat} | {'PLAN'} | {'CANCELLED'} | {'REBUILD'}
-- The lease stands already when whoever made it died before its commit: it is answered as it is.
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
if head[5] == 'cancelled' then return { 'CANCELLED' } end
local id, buyer = ARGV[1], ARGV[2]
local standing = read_hold(id)
if standing then return reply_hold(id, standing) end
if ARGV[4] ~= redis.call('HGET', META, 'plan') then return { 'PLAN' } end

local wanted = { unpack(ARGV, 5) }
for i = 1, #wanted do
  if tonumber(wanted[i]) >= tonumber(head[4]) then return { 'RANGE', wanted[i] } end
end
local mine_already = ''
--- @include "wanted"
for owner in pairs(overdue) do end_hold(owner, 'expire') end

local owners = { 'HSET', OWNER }
for i = 1, #fresh do
  owners[2 * i + 1], owners[2 * i + 2] = fresh[i], id
end
redis.call(unpack(owners))
change(HELD, fresh, 'move', id, buyer)
local deadline = tostring(NOW + ARGV[3])
redis.call('HSET', HOLD .. id, 'buyer', buyer, 'seats', table.concat(fresh, ','), 'phase', 'paying', 'deadline', deadline,
  'limit', deadline, 'epoch', EPOCH, 'requests', '\n', 'terms', head[9] or '')
redis.call('ZADD', DUE, deadline, id)
count_taken(buyer, #fresh)
finish()
return reply_hold(id, read_hold(id))
