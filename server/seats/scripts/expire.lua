-- Ends holds whose deadline has passed: the truth behind the expired event, which is only a hint.
-- Any node may call it at any time: what another has ended already is not due any more.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 how many holds at most
-- Reply {'OK', holds ended, ms until the next deadline or -1, ms the latest one came late} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local MAX_SEATS = 200
local overdue = redis.call('ZRANGEBYSCORE', DUE, '-inf', NOW, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
local ended, seats, late = 0, 0, 0
for i = 1, #overdue, 2 do
  if seats >= MAX_SEATS then break end
  late = math.max(late, NOW - tonumber(overdue[i + 1]))
  seats = seats + end_hold(overdue[i], 'expire')
  ended = ended + 1
end
finish()
local nearest = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
local wait = nearest[2] and math.max(0, tonumber(nearest[2]) - NOW) or -1
return { 'OK', ended, wait, late }
