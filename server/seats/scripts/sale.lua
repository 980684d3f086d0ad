-- The sale is opened, paused or closed, or its window, cap or prices changed.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 sale  2 cap  3 opens  4 closes (ms)  5 terms
--       6 what a hot show asks besides, as show.lua reads it, or ''
-- Reply {'OK'} | {'REBUILD'}: nothing to change, a rebuild will read it from Postgres
--- @include "show"

--- @include "setfair"
if not READY then return { 'REBUILD' } end
redis.call('HSET', META, 'sale', ARGV[1], 'cap', ARGV[2], 'opens', ARGV[3], 'closes', ARGV[4],
  'terms', ARGV[5])
set_fair(ARGV[6])
return { 'OK' }
