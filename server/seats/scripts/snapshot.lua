-- The whole map with the version it stands at, read in one step. The cost is the copy of the bytes.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- Reply {'OK', epoch, version, capacity, sale, held, booked, blocked, map, now} | {'REBUILD'}
--- @include "show"

if not READY then return { 'REBUILD' } end
local sums = redis.call('HMGET', META, 'booked', 'blocked')
return { 'OK', EPOCH, tostring(VERSION), head[4], head[5], redis.call('HLEN', OWNER), sums[1], sums[2],
  redis.call('GET', MAP) or '', tostring(NOW) }
