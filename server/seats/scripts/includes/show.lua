-- What every script starts from. The keys of a show share one hash tag, so a script touches one Cluster slot.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- Keys of single holds and buyers carry an id that only Redis knows at this moment, so their names are made here.
local META, MAP, OWNER, DUE, LOG, TAKEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local BASE = string.sub(META, 1, -6)
local AVAILABLE, HELD, BOOKED, BLOCKED = 0, 1, 2, 3
local LOG_LENGTH = 10000
-- A hold's own key outlives its deadline by this (ms), so that a late reader still learns whose it was.
local AFTERLIFE = 3600000

local function hold_key(id) return BASE .. ':hold:' .. id end
local function ttl_key(id) return BASE .. ':hold:' .. id .. ':ttl' end
local function buyer_key(buyer) return BASE .. ':buyer:' .. buyer end

-- One clock for all nodes: Redis' own, in milliseconds.
local clock = redis.call('TIME')
local NOW = clock[1] * 1000 + math.floor(clock[2] / 1000)

local head = redis.call('HMGET', META, 'ready', 'epoch', 'version', 'capacity', 'sale', 'cap', 'opens', 'closes')
local READY, EPOCH, CAPACITY = head[1], head[2], tonumber(head[4])
local VERSION = tonumber(head[3] or 0)
local first_version = VERSION

local function split(csv)
  local seats = {}
  for seat in string.gmatch(csv, '%d+') do seats[#seats + 1] = seat end
  return seats
end

local function states_of(seats)
  local command = { 'BITFIELD', MAP }
  for i = 1, #seats do
    command[#command + 1] = 'GET'
    command[#command + 1] = 'u2'
    command[#command + 1] = '#' .. seats[i]
  end
  return redis.call(unpack(command))
end

-- The only place where the map changes: sets one state for many seats and writes that as one entry of the log.
local function change(state, seats, cause, hold, buyer)
  local command = { 'BITFIELD', MAP }
  for i = 1, #seats do
    command[#command + 1] = 'SET'
    command[#command + 1] = 'u2'
    command[#command + 1] = '#' .. seats[i]
    command[#command + 1] = state
  end
  redis.call(unpack(command))
  VERSION = VERSION + 1
  redis.call('XADD', LOG, 'MAXLEN', '~', LOG_LENGTH, EPOCH .. '-' .. VERSION, 's', state, 'i',
    table.concat(seats, ','), 'c', cause, 'h', hold, 'b', buyer, 't', NOW)
end

-- Keeps the new version and tells the nodes that there is something to read. The message may be lost: nodes look anyway.
local function finish()
  if VERSION ~= first_version then
    redis.call('HSET', META, 'version', VERSION)
    redis.call('PUBLISH', BASE .. ':changed', VERSION)
  end
end

local function forget_hold(id, buyer)
  redis.call('ZREM', DUE, id)
  redis.call('DEL', hold_key(id), ttl_key(id))
  if redis.call('GET', buyer_key(buyer)) == id then redis.call('DEL', buyer_key(buyer)) end
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
  local hold = redis.call('HMGET', hold_key(id), 'seats', 'buyer', 'phase')
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

local function reply_hold(id, hold)
  -- hold: seats, deadline, limit, phase, buyer
  return { 'OK', id, hold[1], hold[2], hold[3], hold[4], hold[5], tostring(NOW) }
end

-- A hold counts while its deadline lies ahead and the map it belongs to is the one that stands:
-- holds of an earlier epoch are gone, whatever keys are left of them.
local function read_hold(id)
  local hold = redis.call('HMGET', hold_key(id), 'seats', 'deadline', 'limit', 'phase', 'buyer', 'epoch')
  if not hold[1] or hold[6] ~= EPOCH or tonumber(hold[2]) <= NOW then return nil end
  return hold
end

local function move_deadline(id, deadline)
  redis.call('HSET', hold_key(id), 'deadline', deadline)
  redis.call('ZADD', DUE, deadline, id)
  redis.call('SET', ttl_key(id), '', 'PX', deadline - NOW)
  redis.call('PEXPIRE', hold_key(id), deadline - NOW + AFTERLIFE)
end
