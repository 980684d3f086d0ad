-- Reading and changing the map. Needs "show".
-- The worker keeps the log in Postgres and trims what it has kept (server/seat-log). This is only the end of all patience:
-- when no worker has come for so many changes of one show, the oldest go, and the worker notes the gap.
local LOG_LENGTH = 250000

local function states_of(seats)
  local command, at = { 'BITFIELD', MAP }, 2
  for i = 1, #seats do
    command[at + 1], command[at + 2], command[at + 3] = 'GET', 'u2', '#' .. seats[i]
    at = at + 3
  end
  return redis.call(unpack(command))
end

-- The only place where the map changes: sets one state for many seats and writes that as one entry of the log.
local function write(state, seats, cause, hold, buyer)
  local command, at = { 'BITFIELD', MAP }, 2
  for i = 1, #seats do
    command[at + 1], command[at + 2], command[at + 3], command[at + 4] = 'SET', 'u2', '#' .. seats[i], state
    at = at + 4
  end
  redis.call(unpack(command))
  VERSION = VERSION + 1
  -- One field: entries of one shape share their field names in the stream, and the log is read by us alone.
  redis.call('XADD', LOG, 'MAXLEN', '~', LOG_LENGTH, EPOCH .. '-' .. VERSION, 'e',
    state .. ' ' .. table.concat(seats, ',') .. ' ' .. cause .. ' ' .. hold .. ' ' .. buyer .. ' ' .. NOW)
end

local ASIDE_MS = 60000
local ASIDE_AT_MOST = 500

-- An ordinary hold, but for its buyer: what reads holds or ends them needs to know nothing of the waiting list.
local function put_in_house(seats)
  redis.call('HSET', HOLD .. HOUSE, 'buyer', 'h_waiting', 'seats', seats, 'phase', 'selecting', 'deadline',
    NOW + ASIDE_MS, 'limit', NOW + ASIDE_MS, 'epoch', EPOCH, 'requests', '\n', 'terms', '')
  redis.call('ZADD', DUE, NOW + ASIDE_MS, HOUSE)
end

local function seats_of_house()
  local house = redis.call('HMGET', HOLD .. HOUSE, 'seats', 'epoch')
  return house[2] == EPOCH and house[1] or ''
end

local function set_aside(seats)
  local kept = seats_of_house()
  local room = ASIDE_AT_MOST - select(2, string.gsub(kept, '%d+', ''))
  -- More than that at once is enough for everybody.
  local aside = #seats <= room and seats or { unpack(seats, 1, math.max(0, room)) }
  if #aside == 0 then return end
  local owners = { 'HSET', OWNER }
  for i = 1, #aside do
    owners[2 * i + 1], owners[2 * i + 2] = aside[i], HOUSE
  end
  redis.call(unpack(owners))
  write(HELD, aside, 'wait', HOUSE, '')
  local added = table.concat(aside, ',')
  put_in_house(kept == '' and added or kept .. ',' .. added)
end

-- While a waiting list is served, a seat that becomes available is never so for a moment: nobody's click can be faster.
local function change(state, seats, cause, hold, buyer)
  write(state, seats, cause, hold, buyer)
  if state == AVAILABLE and GUARDED and hold ~= HOUSE then set_aside(seats) end
end

-- Keeps the new version and tells the nodes that there is something to read. The message may be lost: nodes look anyway.
local function finish()
  if VERSION == first_version then return end
  redis.call('HSET', META, 'version', VERSION)
  redis.call('PUBLISH', BASE .. ':changed', VERSION)
end
