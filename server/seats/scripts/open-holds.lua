-- Reads one page of the open holds and leases, the one that ends first first. Changes nothing.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 deadline to go on from (ms)  2 the hold of that very deadline that was seen last, or ''  3 how many, at most 100
-- Reply {'OK', now, cursor of the next page or '', {id, seats, deadline, limit, phase, buyer, now, terms}…} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local from, seen, many = tonumber(ARGV[1]), ARGV[2], math.min(100, tonumber(ARGV[3]))
-- Of the same deadline they stand in the order of their ids: whichever of them have ended meanwhile, none is passed over.
local skip = 0
-- What has run out is over, whether or not a sweeper has been there.
if from <= NOW then
  from = NOW + 1
elseif seen ~= '' then
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', DUE, from, from)) do
    if id <= seen then skip = skip + 1 end
  end
end
local page = redis.call('ZRANGEBYSCORE', DUE, from, '+inf', 'WITHSCORES', 'LIMIT', skip, many)
local cursor = ''
if #page == 2 * many then
  cursor = string.format('%.0f.%s', tonumber(page[#page]), page[#page - 1])
end
local reply = { 'OK', tostring(NOW), cursor }
for i = 1, #page, 2 do
  local hold = read_hold(page[i])
  if hold then
    local row = reply_hold(page[i], hold)
    table.remove(row, 1)
    reply[#reply + 1] = row
  end
end
return reply
