-- Another server may have taken over from the one that made this map: a replica that was promoted, or the same one back from
-- its disk. It may not have all that was said before, so the map goes on under another epoch. What it has of holds stays.
-- KEYS  1 meta  2 map  3 owner  4 due  5 log  6 taken
-- ARGV  1 a new epoch (never used before), or '' to ask whether one is needed  2 the epoch that is known to be another
--       history's, whatever the server, or ''
-- Reply {'SAME'} | {'OTHER'} one is needed, and none was given | {'OK'} | {'REBUILD'}
--- @include "show"

if not READY then return { 'REBUILD' } end
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or ''
local known = redis.call('HGET', META, 'server')
if not known then redis.call('HSET', META, 'server', server) end
if (known == server or not known) and ARGV[2] ~= EPOCH then return { 'SAME' } end
if ARGV[1] == '' then return { 'OTHER' } end

local networks = {}
for _, network in ipairs(redis.call('HVALS', NETWORK_OF)) do networks[network] = true end
for _, id in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  local hold = redis.call('HMGET', HOLD .. id, 'epoch', 'network')
  if hold[1] == EPOCH then
    redis.call('HSET', HOLD .. id, 'epoch', ARGV[1])
    if hold[2] and hold[2] ~= '' then networks[hold[2]] = true end
  end
end
for network in pairs(networks) do
  if redis.call('EXISTS', NETWORK .. network) == 1 then
    redis.call('RENAME', NETWORK .. network, BASE .. ':net:' .. ARGV[1] .. ':' .. network)
  end
end
redis.pcall('XADD', LOG, EPOCH .. '-' .. (VERSION + 1), 'e', '0  end   ' .. NOW)
redis.call('XADD', LOG, ARGV[1] .. '-0', 'e', '0  load   ' .. NOW, 'map', redis.call('GET', MAP) or '',
  'capacity', head[4], 'plan', redis.call('HGET', META, 'plan') or '')
redis.call('HSET', META, 'epoch', ARGV[1], 'version', 0, 'server', server)
redis.call('PUBLISH', BASE .. ':changed', 0)
return { 'OK' }
