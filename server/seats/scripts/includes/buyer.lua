-- Whether the sale lets this buyer hold seats now, and the hold they have open. Needs "show".
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id  6 network, '' when nobody knows
-- The same request id again is answered with the hold as it stands, before anything is looked at.
if not READY then return { 'REBUILD' } end
if head[5] == 'paused' then return { 'PAUSED' } end
if head[5] == 'cancelled' then return { 'CANCELLED' } end
if head[5] == 'closed' or NOW >= tonumber(head[8]) then return { 'CLOSED' } end
if NOW < tonumber(head[7]) then return { 'EARLY', head[7] } end

local MAX_SEATS = 50
local REMEMBERED = 8
local capacity = tonumber(head[4])
local buyer, request = ARGV[1], '\n' .. ARGV[5] .. '\n'
local id = redis.call('GET', BUYER .. buyer)
local hold
if id then
  hold = redis.call('HMGET', HOLD .. id, 'seats', 'deadline', 'limit', 'phase', 'epoch', 'requests', 'terms', 'network')
  if not hold[1] or hold[5] ~= EPOCH or tonumber(hold[2]) <= NOW then
    hold = nil
  elseif string.find(hold[6], request, 1, true) then
    return { 'OK', id, hold[1], hold[2], hold[3], hold[4], buyer, EPOCH .. '-' .. VERSION, hold[7] }
  end
end
-- Where their seats are counted: by the network that the hold was begun from. An offer of the waiting list counts nowhere.
local network, network_has = '', 0
