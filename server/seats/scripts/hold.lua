-- Takes all the seats for the buyer's hold, or none of them. A buyer without a hold gets a new one.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer  2 id for a new hold  3 ttl (ms)  4 hard limit (ms)  5 request id  6… seat indexes
-- Reply {'OK', id, seats, deadline, limit, phase, buyer, now} | {'TAKEN', seat…} | {'CAP', cap} | {'PAUSED'}
--       | {'CLOSED'} | {'EARLY', opens} | {'RANGE', seat} | {'FULL'} | {'REBUILD'}
-- Raises a hint on <base>:changed. A seat whose hold has run out counts as available here and now:
-- correctness never waits for the sweeper. The same request id again gives the same answer.
--- @include "show"

if not READY then return { 'REBUILD' } end
if head[5] == 'paused' then return { 'PAUSED' } end
if head[5] == 'closed' or NOW >= tonumber(head[8]) then return { 'CLOSED' } end
if NOW < tonumber(head[7]) then return { 'EARLY', head[7] } end

local MAX_SEATS = 50
local REMEMBERED = 8
local buyer, request = ARGV[1], '\n' .. ARGV[5] .. '\n'
local id = redis.call('GET', buyer_key(buyer))
local hold
if id then
  hold = redis.call('HMGET', hold_key(id), 'seats', 'deadline', 'limit', 'phase', 'buyer', 'epoch', 'requests')
  if not hold[1] or hold[6] ~= EPOCH then
    hold = nil
  elseif tonumber(hold[2]) <= NOW then
    end_hold(id, 'expire')
    hold = nil
  elseif string.find(hold[7], request, 1, true) then
    return reply_hold(id, hold)
  end
end

local wanted = {}
for i = 6, #ARGV do wanted[#wanted + 1] = ARGV[i] end
local states = states_of(wanted)
local fresh, gone, overdue, held = {}, {}, {}, {}
for i = 1, #wanted do
  local seat = wanted[i]
  if tonumber(seat) >= CAPACITY then
    finish()
    return { 'RANGE', seat }
  end
  if states[i] == AVAILABLE then
    fresh[#fresh + 1] = seat
  elseif states[i] == HELD then
    held[#held + 1] = seat
  else
    gone[#gone + 1] = seat
  end
end
if #held > 0 then
  local owners = redis.call('HMGET', OWNER, unpack(held))
  for i = 1, #held do
    local owner = owners[i]
    if not owner then
      fresh[#fresh + 1] = held[i]
    elseif not hold or owner ~= id then
      local deadline = redis.call('ZSCORE', DUE, owner)
      if deadline and tonumber(deadline) > NOW then
        gone[#gone + 1] = held[i]
      else
        overdue[owner] = true
        fresh[#fresh + 1] = held[i]
      end
    end
  end
end
if #gone > 0 then
  finish()
  return { 'TAKEN', unpack(gone) }
end

local mine = hold and split(hold[1]) or {}
local cap = tonumber(head[6])
local taken = tonumber(redis.call('HGET', TAKEN, buyer) or 0)
if #mine + #fresh + taken > cap then
  finish()
  return { 'CAP', cap, taken }
end
if #mine + #fresh > MAX_SEATS then
  finish()
  return { 'FULL' }
end

for owner in pairs(overdue) do end_hold(owner, 'expire') end

local created = not hold
if created then
  id = ARGV[2]
  hold = { '', tostring(NOW + tonumber(ARGV[3])), tostring(NOW + tonumber(ARGV[4])), 'selecting', buyer, EPOCH, '\n' }
end
if #fresh > 0 then
  local owners = {}
  for i = 1, #fresh do
    mine[#mine + 1] = fresh[i]
    owners[#owners + 1] = fresh[i]
    owners[#owners + 1] = id
  end
  redis.call('HSET', OWNER, unpack(owners))
  change(HELD, fresh, 'hold', id, buyer)
end

local requests = hold[7] .. string.sub(request, 2)
if select(2, string.gsub(requests, '\n', '')) > REMEMBERED + 1 then
  requests = string.match(requests, '^\n[^\n]*(\n.*)$')
end
hold[1] = table.concat(mine, ',')
if created then
  redis.call('HSET', hold_key(id), 'seats', hold[1], 'requests', requests, 'buyer', buyer, 'deadline', hold[2],
    'limit', hold[3], 'phase', 'selecting', 'epoch', EPOCH, 'first', NOW)
  redis.call('PEXPIRE', hold_key(id), tonumber(ARGV[4]) + AFTERLIFE)
  redis.call('SET', buyer_key(buyer), id, 'PX', tonumber(ARGV[4]) + AFTERLIFE)
  redis.call('ZADD', DUE, hold[2], id)
  redis.call('SET', ttl_key(id), '', 'PX', ARGV[3])
else
  redis.call('HSET', hold_key(id), 'seats', hold[1], 'requests', requests)
end
finish()
return reply_hold(id, hold)
