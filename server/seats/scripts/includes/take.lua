-- Gives `fresh` to the buyer's hold, or to a new one, and answers with it. Needs "change", "buyer" and "cap".
local seats = table.concat(fresh, ',')
if #fresh > 0 then
  local owners = { 'HSET', OWNER }
  for i = 1, #fresh do
    owners[2 * i + 1], owners[2 * i + 2] = fresh[i], hold and id or ARGV[2]
  end
  redis.call(unpack(owners))
  change(HELD, fresh, 'hold', hold and id or ARGV[2], buyer)
end

if network ~= '' and #fresh > 0 then
  redis.call('INCRBY', NETWORK .. network, #fresh)
  redis.call('EXPIRE', NETWORK .. network, NETWORKS_KEPT_S)
end

if hold then
  local requests = hold[6] .. string.sub(request, 2)
  if select(2, string.gsub(requests, '\n', '')) > REMEMBERED + 1 then
    requests = string.match(requests, '^\n[^\n]*(\n.*)$')
  end
  if mine > 0 and #fresh > 0 then seats = hold[1] .. ',' .. seats elseif mine > 0 then seats = hold[1] end
  redis.call('HSET', HOLD .. id, 'seats', seats, 'requests', requests)
  finish()
  return { 'OK', id, seats, hold[2], hold[3], hold[4], buyer, EPOCH .. '-' .. VERSION, hold[7] }
end

id = ARGV[2]
local deadline, limit = tostring(NOW + ARGV[3]), tostring(NOW + ARGV[4])
redis.call('HSET', HOLD .. id, 'buyer', buyer, 'seats', seats, 'phase', 'selecting', 'deadline', deadline, 'limit',
  limit, 'epoch', EPOCH, 'requests', request, 'terms', head[9] or '')
if network ~= '' then redis.call('HSET', HOLD .. id, 'network', network) end
redis.call('ZADD', DUE, deadline, id)
-- Ends with the hold: its expired event is the hint that wakes the sweepers.
redis.call('SET', BUYER .. buyer, id, 'PX', ARGV[3])
finish()
return { 'OK', id, seats, deadline, limit, 'selecting', buyer, EPOCH .. '-' .. VERSION, head[9] }
