-- Puts a rebuilt map in place, in one step, unless another node has done so already. `ready` comes last.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 epoch (never used before)  2 capacity  3 sale  4 cap  5 opens  6 closes (ms)  7 booked  8 blocked  9 token
--       10 the plan that the map's indexes are of
-- The rebuilt parts wait under <base>:new:<token>:map, :owner, :due and :taken; missing ones are empty.
-- Reply {'OK'} | {'READY'} when the map stood already
--- @include "show"

local new = BASE .. ':new:' .. ARGV[9] .. ':'
if READY then
  redis.call('DEL', new .. 'map', new .. 'owner', new .. 'due', new .. 'taken')
  return { 'READY' }
end
-- Holds of the map before are over; only leases that came back from Postgres carry the new epoch.
for _, id in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  if redis.call('HGET', HOLD .. id, 'epoch') ~= ARGV[1] then redis.call('DEL', HOLD .. id) end
end
redis.call('DEL', MAP, OWNER, DUE, LOG, TAKEN)
for part, key in pairs({ map = MAP, owner = OWNER, due = DUE, taken = TAKEN }) do
  if redis.call('EXISTS', new .. part) == 1 then
    redis.call('PERSIST', new .. part)
    redis.call('RENAME', new .. part, key)
  end
end
-- An entry of its own tells every feed that this is another map, even before anything has changed on it.
redis.call('XADD', LOG, ARGV[1] .. '-0', 'e', '0  load   ' .. NOW)
redis.call('HSET', META, 'epoch', ARGV[1], 'version', 0, 'capacity', ARGV[2], 'sale', ARGV[3], 'cap', ARGV[4], 'opens',
  ARGV[5], 'closes', ARGV[6], 'booked', ARGV[7], 'blocked', ARGV[8], 'plan', ARGV[10])
redis.call('HSET', META, 'ready', 1)
redis.call('PUBLISH', BASE .. ':changed', 0)
return { 'OK' }
