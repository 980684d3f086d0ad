-- What every script starts from. The keys of a show share one hash tag, so a script touches one Cluster slot.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- Keys of single holds and buyers carry an id that only Redis knows at this moment, so their names are made here.
local META, MAP, OWNER, DUE, LOG, TAKEN = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local BASE = string.sub(META, 1, -6)
local HOLD, BUYER = BASE .. ':hold:', BASE .. ':buyer:'
local AVAILABLE, HELD, BOOKED, BLOCKED = 0, 1, 2, 3

-- One clock for all nodes: Redis' own, in milliseconds.
local clock = redis.call('TIME')
local NOW = clock[1] * 1000 + math.floor(clock[2] / 1000)

local head = redis.call('HMGET', META, 'ready', 'epoch', 'version', 'capacity', 'sale', 'cap', 'opens', 'closes',
  'terms', 'guard', 'fair', 'cooling')
local READY, EPOCH = head[1], head[2]
local VERSION = tonumber(head[3] or 0)
local first_version = VERSION

-- What a hot show asks besides: '1' where seats need an admission from the waiting room, the most seats that one network may
-- have (0: any number), and the first cool-down (ms, 0: none). Nothing at all when the show asks for none of it.
local NEEDS_ROOM, NETWORK_CAP, FIRST_WAIT
if head[11] then NEEDS_ROOM, NETWORK_CAP, FIRST_WAIT = string.match(head[11], '^(%d) (%d+) (%d+)$') end
NETWORK_CAP, FIRST_WAIT = tonumber(NETWORK_CAP or 0), tonumber(FIRST_WAIT or 0)
local ADMISSION, COOL, NETWORK = BASE .. ':in:', BASE .. ':cool:', BASE .. ':net:' .. (EPOCH or '') .. ':'
local INSIDE = BASE .. ':room:inside'
-- The longest time (ms) that anybody cools down.
local LONGEST_WAIT = 1800000
-- Longer than a sale lasts: a map that is made anew counts under another epoch, and leaves these behind.
local NETWORKS_KEPT_S = 15552000
local NETWORK_OF = BASE .. ':networks'

-- Seats that become available wait in this hold of the house's own until the waiting list has been asked.
local HOUSE = (string.match(BASE, '{show:(%w+)}$') or '') .. '.waitinglist0'
-- Only as long as somebody renews it: when no worker lives, seats go on sale as ever.
local GUARDED = tonumber(head[10] or 0) > NOW and (head[5] == 'open' or head[5] == 'paused')
