-- Reading and changing the map. Needs "show".
local LOG_LENGTH = 10000

local function states_of(seats)
  local command, at = { 'BITFIELD', MAP }, 2
  for i = 1, #seats do
    command[at + 1], command[at + 2], command[at + 3] = 'GET', 'u2', '#' .. seats[i]
    at = at + 3
  end
  return redis.call(unpack(command))
end

-- The only place where the map changes: sets one state for many seats and writes that as one entry of the log.
local function change(state, seats, cause, hold, buyer)
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

-- Keeps the new version and tells the nodes that there is something to read. The message may be lost: nodes look anyway.
local function finish()
  if VERSION == first_version then return end
  redis.call('HSET', META, 'version', VERSION)
  redis.call('PUBLISH', BASE .. ':changed', VERSION)
end
