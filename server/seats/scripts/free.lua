-- Postgres has let go of these booked seats (cancelled, refunded): they are on sale again.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 buyer whose cap they counted towards, or ''  2… seats
-- Reply {'OK', seats freed} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local seats = {}
for i = 2, #ARGV do seats[#seats + 1] = ARGV[i] end
local states, booked = states_of(seats), {}
for i = 1, #seats do
  if states[i] == BOOKED then booked[#booked + 1] = seats[i] end
end
if #booked > 0 then
  change(AVAILABLE, booked, 'free', '', ARGV[1])
  redis.call('HINCRBY', META, 'booked', -#booked)
  local networks = redis.call('HMGET', NETWORK_OF, unpack(booked))
  for i = 1, #booked do
    if networks[i] then
      count_network(networks[i], -1)
      redis.call('HDEL', NETWORK_OF, booked[i])
    end
  end
  if ARGV[1] ~= '' then count_taken(ARGV[1], -#booked) end
end
finish()
return { 'OK', #booked }
