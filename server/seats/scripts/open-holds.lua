-- Reads one page of the open holds and leases, the one that ends first first. Changes nothing.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 deadline to go on from (ms)  2 holds of that very deadline seen already  3 how many, at most 100
-- Reply {'OK', now, cursor of the next page or '', {id, seats, deadline, limit, phase, buyer, now, terms}…} | {'REBUILD'}
--- @include "show"
--- @include "change"
--- @include "holds"

if not READY then return { 'REBUILD' } end
local from, skip, many = tonumber(ARGV[1]), tonumber(ARGV[2]), math.min(100, tonumber(ARGV[3]))
-- What has run out is over, whether or not a sweeper has been there.
if from <= NOW then from, skip = NOW + 1, 0 end
local page = redis.call('ZRANGEBYSCORE', DUE, from, '+inf', 'WITHSCORES', 'LIMIT', skip, many)
local cursor = ''
if #page == 2 * many then
  local last, same = page[#page], 0
  for i = 2, #page, 2 do
    if page[i] == last then same = same + 1 end
  end
  if tonumber(last) == from then same = same + skip end
  cursor = string.format('%.0f.%d', tonumber(last), same)
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
