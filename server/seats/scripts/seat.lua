-- Reads one seat: its state, and the hold it is in. Changes nothing.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 seat
-- Reply {'OK', state} and, where a hold has it, id, seats, deadline, limit, phase, buyer, now, terms | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local state = states_of({ ARGV[1] })[1]
local id = state == HELD and redis.call('HGET', OWNER, ARGV[1])
local hold = id and read_hold(id)
-- A hold that has run out is over, whether or not a sweeper has been there.
if not hold then return { 'OK', state == HELD and AVAILABLE or state } end
local reply = reply_hold(id, hold)
table.insert(reply, 2, state)
return reply
