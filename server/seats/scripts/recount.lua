-- Puts sums right, where they still are what the caller saw: of the whole map at a version, and of single buyers.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 version  2 booked  3 blocked at that version  4… buyer, the count seen, the right one
-- Reply {'OK', how many sums were changed} | {'REBUILD'}
--- @include "show"

if not READY then return { 'REBUILD' } end
local changed = 0
if tonumber(ARGV[1]) == VERSION then
  for i, sum in ipairs({ 'booked', 'blocked' }) do
    if redis.call('HGET', META, sum) ~= ARGV[1 + i] then
      redis.call('HSET', META, sum, ARGV[1 + i])
      changed = changed + 1
    end
  end
end
for i = 4, #ARGV, 3 do
  local buyer, seen, right = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if (redis.call('HGET', TAKEN, buyer) or '0') == seen then
    if right == '0' then redis.call('HDEL', TAKEN, buyer) else redis.call('HSET', TAKEN, buyer, right) end
    changed = changed + 1
  end
end
return { 'OK', changed }
