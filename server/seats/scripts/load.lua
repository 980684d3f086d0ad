-- Puts a rebuilt map in place, in one step, unless another node has done so already. `ready` comes last.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 epoch (never used before)  2 capacity  3 sale  4 cap  5 opens  6 closes (ms)  7 booked  8 blocked  9 token
--       10 the plan that the map's indexes are of  11 terms
--       12 what a hot show asks besides, as show.lua reads it, or ''
-- The rebuilt parts wait under <base>:new:<token>:map, :owner, :due, :taken and :networks (of booked seats); missing ones
-- are empty.
-- Reply {'OK'} | {'READY'} when the map stood already
--- @include "show"
--- @include "setfair"

local new = BASE .. ':new:' .. ARGV[9] .. ':'
if READY then
  redis.call('DEL', new .. 'map', new .. 'owner', new .. 'due', new .. 'taken',
    new .. 'networks')
  return { 'READY' }
end
-- Holds of the map before are over; only leases that came back from Postgres carry the new epoch.
for _, id in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  if redis.call('HGET', HOLD .. id, 'epoch') ~= ARGV[1] then redis.call('DEL', HOLD .. id) end
end
-- What is left of the log stays until it is kept; that the map before has ended here is its last entry.
if EPOCH then redis.pcall('XADD', LOG, EPOCH .. '-' .. (VERSION + 1), 'e', '0  end   ' .. NOW) end
redis.call('DEL', MAP, OWNER, DUE, TAKEN, NETWORK_OF)
for part, key in pairs({ map = MAP, owner = OWNER, due = DUE, taken = TAKEN,
  networks = NETWORK_OF }) do
  if redis.call('EXISTS', new .. part) == 1 then
    redis.call('PERSIST', new .. part)
    redis.call('RENAME', new .. part, key)
  end
end
-- An entry of its own tells every feed that this is another map, even before anything has changed on it. It carries the
-- map, so that the log alone says what every seat was at every version.
local function open_log()
  return redis.pcall('XADD', LOG, ARGV[1] .. '-0', 'e', '0  load   ' .. NOW, 'map', redis.call('GET', MAP) or '',
    'capacity', ARGV[2], 'plan', ARGV[10])
end
if type(open_log()) == 'table' then
  -- An epoch from before a backup of Postgres was put back: entries only ever follow, so this log begins anew.
  redis.call('DEL', LOG)
  open_log()
end
redis.call('PERSIST', LOG)
redis.call('HSET', META, 'epoch', ARGV[1], 'version', 0, 'capacity', ARGV[2], 'sale', ARGV[3], 'cap', ARGV[4], 'opens',
  ARGV[5], 'closes', ARGV[6], 'booked', ARGV[7], 'blocked', ARGV[8], 'plan', ARGV[10], 'terms', ARGV[11])
redis.call('HSET', META, 'server', string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or '')
set_fair(ARGV[12])
-- Who cools down stands in keys that outlive a map. Until when is not known here, so they are looked at for the longest time.
if string.match(ARGV[12], ' [1-9]%d*$') then redis.call('HSET', META, 'cooling', string.format('%.0f', NOW + LONGEST_WAIT)) end
redis.call('HSET', META, 'ready', 1)
redis.call('PUBLISH', BASE .. ':changed', 0)
return { 'OK' }
