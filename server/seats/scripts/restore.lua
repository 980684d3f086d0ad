-- Puts holds right that have lost a part: their deadline, their buyer's key, the owner or the bits of a seat. What a hold
-- says of itself counts, for seats that nobody else has. A hold that has lost itself is mend.lua's: its seats are free.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  hold ids
-- Reply {'OK', how many holds were wrong} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end

local function restore(id)
  local hold = redis.call('HMGET', HOLD .. id, 'seats', 'deadline', 'phase', 'buyer', 'epoch', 'limit',
    'network')
  local seats, buyer = split(hold[1] or ''), hold[4]
  local due = redis.call('ZSCORE', DUE, id)
  if #seats == 0 or not (hold[2] and hold[3] and buyer and hold[6]) then
    -- Nobody can say what this hold was.
    return redis.call('DEL', HOLD .. id) + redis.call('ZREM', DUE, id) > 0
  end
  local wrong = redis.call('HSETNX', HOLD .. id, 'requests', '\n') == 1
  if hold[5] ~= EPOCH then
    -- A lease of this map that a second rebuild has written over before it saw that the map stood already.
    if not due or #still_owned(id, seats) ~= #seats then return false end
    redis.call('HSET', HOLD .. id, 'epoch', EPOCH)
    wrong = true
  end
  local owners, states = redis.call('HMGET', OWNER, unpack(seats)), states_of(seats)
  local mine, back, unmarked = {}, {}, {}
  for i = 1, #seats do
    -- A seat of its own that reads as booked or blocked is for Postgres to decide: mend.lua, and then once more this.
    if owners[i] == id or (not owners[i] and (states[i] == AVAILABLE or states[i] == HELD)) then
      mine[#mine + 1] = seats[i]
      if not owners[i] then
        back[#back + 1] = seats[i]
        back[#back + 1] = id
      end
      if states[i] == AVAILABLE then unmarked[#unmarked + 1] = seats[i] end
    end
  end
  if #back > 0 then redis.call('HSET', OWNER, unpack(back)) end
  if #unmarked > 0 then write(HELD, unmarked, 'mend', id, buyer) end
  if #mine < #seats then
    redis.call('HSET', HOLD .. id, 'seats', table.concat(mine, ','))
    if hold[3] == 'paying' then count_taken(buyer, #mine - #seats) end
    count_network(hold[7], #mine - #seats)
  end
  if #mine == 0 then
    forget_hold(id, buyer)
    return true
  end
  if not due then redis.call('ZADD', DUE, hold[2], id) end
  local left = tonumber(hold[2]) - NOW
  local unknown = hold[3] == 'selecting' and id ~= HOUSE and left > 0 and redis.call('EXISTS', BUYER .. buyer) == 0
  if unknown then redis.call('SET', BUYER .. buyer, id, 'PX', left) end
  return wrong or #back > 0 or #unmarked > 0 or #mine < #seats or not due or unknown
end

local wrong = 0
for i = 1, #ARGV do
  if restore(ARGV[i]) then wrong = wrong + 1 end
end
finish()
return { 'OK', wrong }
