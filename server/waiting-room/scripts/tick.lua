-- Once a second, whichever node comes first: drops who is gone, and admits as many as the rate lets in.
-- KEYS  as includes/room.lua
-- ARGV  1 rate (a minute; 0 while it is paused)  2 how long an admission lasts (ms)  3 whoever was not heard of for so long
--       (ms) is gone  4 between two ticks (ms)
-- Reply {'OK', phase, waiting, inside, last place let in, admitted now, rate, opens, now} | {'ABSENT'}
-- Every node hears how it stands; only one of them a second changes anything.
--- @include "room"

if not PHASE then return { 'ABSENT' } end
local AT_MOST = 200
local admitted, last, rate = 0, tonumber(state[4]), tonumber(state[7] or 0)
local since = NOW - tonumber(state[5])
if since >= tonumber(ARGV[4]) then
  rate = tonumber(ARGV[1])
  local gone = redis.call('ZRANGEBYSCORE', SEEN, '-inf', NOW - ARGV[3], 'LIMIT', 0, AT_MOST)
  for i = 1, #gone do
    -- Before the draw nobody has a place to come back to.
    if PHASE == 'lobby' then forget(gone[i]) end
    redis.call('ZREM', LINE, gone[i])
    redis.call('ZREM', SEEN, gone[i])
  end
  redis.call('ZREMRANGEBYSCORE', INSIDE, '-inf', NOW)
  local carry = tonumber(state[6])
  if PHASE == 'open' then
    -- After a pause nobody is let in for the time of it; and in it nobody takes a turn that was free before.
    carry = rate > 0 and carry + rate * math.min(since, 5 * ARGV[4]) / 60000 or 0
    local next = redis.call('ZPOPMIN', LINE, math.min(AT_MOST, math.floor(carry)))
    for i = 1, #next, 2 do
      local buyer, place = next[i], tonumber(next[i + 1])
      forget(buyer)
      redis.call('SET', ADMISSION .. buyer, NOW + ARGV[2], 'PX', ARGV[2])
      redis.call('ZADD', INSIDE, NOW + ARGV[2], buyer)
      last = math.max(last, place)
      admitted = admitted + 1
    end
    carry = math.min(carry - admitted, 1)
  end
  redis.call('HSET', ROOM, 'admitted', last, 'tick', NOW, 'carry', tostring(carry), 'rate', ARGV[1])
end
return { 'OK', PHASE, redis.call('ZCARD', LINE), redis.call('ZCARD', INSIDE), last, admitted, tostring(rate), state[2],
  tostring(NOW) }
