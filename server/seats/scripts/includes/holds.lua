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

-- Seats of a network: held, being paid for and booked.
local function count_network(network, step)
  if not network or network == '' or step == 0 then return end
  if redis.call('INCRBY', NETWORK .. network, step) <= 0 then redis.call('DEL', NETWORK .. network) end
end

-- So many holds of a buyer may run out before they cool down; a network may let as many seats run out as its cap has.
local LAPSES_FREE = 2
local REMEMBERED_FOR = 1800000

-- Whoever lets holds run out again and again waits before the next one, each time twice as long.
local function cool_down(who, step, over_of)
  local count = tonumber(string.match(redis.call('GET', COOL .. who) or '', ' (%d+)$') or 0) + step
  local over = over_of(count)
  local ends = over > 0 and NOW + math.min(LONGEST_WAIT, FIRST_WAIT * 2 ^ math.min(over - 1, 20)) or 0
  redis.call('SET', COOL .. who, string.format('%.0f %d', ends, count), 'PX', math.max(ends - NOW, 0) + REMEMBERED_FOR)
  if ends > tonumber(head[12] or 0) then
    head[12] = string.format('%.0f', ends)
    redis.call('HSET', META, 'cooling', head[12])
  end
end

local function note_lapse(buyer, network, seats)
  if FIRST_WAIT == 0 or buyer == 'h_waiting' then return end
  cool_down(buyer, 1, function(lapses) return lapses - LAPSES_FREE end)
  if network and network ~= '' and NETWORK_CAP > 0 then
    cool_down(network, seats, function(lapsed) return math.ceil(lapsed / NETWORK_CAP) - 1 end)
  end
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
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'buyer', 'phase', 'network')
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
  count_network(hold[4], -#seats)
  if cause == 'expire' then note_lapse(hold[2], hold[4], #seats) end
  forget_hold(id, hold[2])
  return #owned
end

-- A hold counts while its deadline lies ahead and the map it belongs to is the one that stands:
-- holds of an earlier epoch are gone, whatever keys are left of them.
local function read_hold(id)
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'deadline', 'limit', 'phase', 'buyer', 'epoch', 'terms',
    'network')
  if not hold[1] or hold[6] ~= EPOCH or tonumber(hold[2]) <= NOW then return nil end
  return hold
end

local function reply_hold(id, hold)
  -- hold: seats, deadline, limit, phase, buyer, epoch, terms, network
  return { 'OK', id, hold[1], hold[2], hold[3], hold[4], hold[5], EPOCH .. '-' .. VERSION, hold[7], hold[8] }
end

-- The buyer's key ends with the hold; its expired event is the hint that wakes the sweepers.
local function move_deadline(id, hold, deadline)
  redis.call('HSET', HOLD .. id, 'deadline', deadline)
  redis.call('ZADD', DUE, deadline, id)
  if hold[4] == 'selecting' then redis.call('SET', BUYER .. hold[5], id, 'PX', deadline - NOW) end
  hold[2] = tostring(deadline)
end
