-- What every script of the waiting room starts from. The keys share the hash tag of their show.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken (of the show; only the first is used, for its name)
local BASE = string.sub(KEYS[1], 1, -6)
-- room   hash    phase (lobby, closed, open), opens (ms), next (the last place that was given), admitted (the last place that
--                was let in), tick (ms), carry (of an admission), rate (a minute)
-- line   zset    buyer by place: who is here and waits; all at 0 until the draw
-- seen   zset    buyer by when they were last heard of (ms)
-- place  hash    buyer → "<ticket> <place> <network or ->"; stays while they are away
-- inside zset    buyer by when their admission ends (ms)
-- crowd  hash    network → how many tickets it has
local ROOM, LINE, SEEN = BASE .. ':room', BASE .. ':room:line', BASE .. ':room:seen'
local PLACE, INSIDE, CROWD = BASE .. ':room:place', BASE .. ':room:inside', BASE .. ':room:crowd'
local ADMISSION = BASE .. ':in:'

local clock = redis.call('TIME')
local NOW = clock[1] * 1000 + math.floor(clock[2] / 1000)

local state = redis.call('HMGET', ROOM, 'phase', 'opens', 'next', 'admitted', 'tick', 'carry', 'rate')
local PHASE = state[1]

local function ticket_of(buyer)
  local ticket, place, network = string.match(redis.call('HGET', PLACE, buyer) or '', '^(%S+) (%d+) (%S+)$')
  return ticket, tonumber(place), network
end

local function forget(buyer)
  local _, _, network = ticket_of(buyer)
  if network and network ~= '-' and redis.call('HINCRBY', CROWD, network, -1) <= 0 then
    redis.call('HDEL', CROWD, network)
  end
  redis.call('HDEL', PLACE, buyer)
  redis.call('ZREM', LINE, buyer)
  redis.call('ZREM', SEEN, buyer)
end
