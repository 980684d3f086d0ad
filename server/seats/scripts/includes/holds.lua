-- Reading and ending holds. Needs "show" and "change".
local function split(csv)
  local seats = {}
  for seat in string.gmatch(csv, '%d+') do seats[#seats + 1] = seat end
  return seats
end

local function forget_hold(id, buyer)
  redis.call('ZREM', DUE, id)
  redis.call('DEL', HOLD .. id)
  if redis.call('GET', BUYER .. buyer) == id then redis.call('DEL', BUYER .. buyer) end
end

local function count_taken(buyer, step)
  if redis.call('HINCRBY', TAKEN, buyer, step) <= 0 then redis.call('HDEL', TAKEN, buyer) end
end

-- Only seats that still belong to this hold: a late or repeated event finds none and changes nothing.
local function still_owned(id, seats)
  if #seats == 0 then return {} end
  local owners = redis.call('HMGET', OWNER, unpack(seats))
  local owned = {}
  for i = 1, #seats do
    if owners[i] == id then owned[#owned + 1] = seats[i] end
  end
  return owned
end

-- Ends a hold: its seats become available, its keys go. Answers how many seats came back.
local function end_hold(id, cause)
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'buyer', 'phase')
  if not hold[1] then
    redis.call('ZREM', DUE, id)
    return 0
  end
  local seats = split(hold[1])
  local owned = still_owned(id, seats)
  if #owned > 0 then
    redis.call('HDEL', OWNER, unpack(owned))
    change(AVAILABLE, owned, cause, id, hold[2])
  end
  if hold[3] == 'paying' then count_taken(hold[2], -#seats) end
  forget_hold(id, hold[2])
  return #owned
end

-- A hold counts while its deadline lies ahead and the map it belongs to is the one that stands:
-- holds of an earlier epoch are gone, whatever keys are left of them.
local function read_hold(id)
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'deadline', 'limit', 'phase', 'buyer', 'epoch', 'terms')
  if not hold[1] or hold[6] ~= EPOCH or tonumber(hold[2]) <= NOW then return nil end
  return hold
end

local function reply_hold(id, hold)
  -- hold: seats, deadline, limit, phase, buyer, epoch, terms
  return { 'OK', id, hold[1], hold[2], hold[3], hold[4], hold[5], tostring(NOW), hold[7] }
end

-- The buyer's key ends with the hold; its expired event is the hint that wakes the sweepers.
local function move_deadline(id, hold, deadline)
  redis.call('HSET', HOLD .. id, 'deadline', deadline)
  redis.call('ZADD', DUE, deadline, id)
  if hold[4] == 'selecting' then redis.call('SET', BUYER .. hold[5], id, 'PX', deadline - NOW) end
  hold[2] = tostring(deadline)
end
