-- Takes the map away: the show is deleted, or gets another plan. Without a map no script finds a hold; what is left of
-- each ends by its own time to live.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 for how long (ms) the log waits to be kept
-- Reply {'OK'}
--- @include "show"

if EPOCH then redis.call('XADD', LOG, EPOCH .. '-' .. (VERSION + 1), 'e', '0  end   ' .. NOW) end
redis.call('DEL', META, MAP, OWNER, DUE, TAKEN, NETWORK_OF)
redis.call('PEXPIRE', LOG, ARGV[1])
return { 'OK' }
