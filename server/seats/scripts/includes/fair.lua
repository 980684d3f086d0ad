-- What a hot show asks of who begins a hold: to be admitted from its waiting room, and not to be cooling down. One command
-- more, and none for a show that asks for nothing. Needs "buyer". Leaves `network` and `network_has`, for "cap".
-- ARGV  6 network
if hold then network = hold[8] or '' elseif NETWORK_CAP > 0 then network = ARGV[6] end
local cooling = tonumber(head[12] or 0) > NOW
if network ~= '' or (not hold and (NEEDS_ROOM == '1' or cooling)) then
  local known = redis.call('MGET', ADMISSION .. buyer, COOL .. buyer, COOL .. ARGV[6], NETWORK .. network)
  network_has = tonumber(known[4] or 0)
  if not hold then
    if NEEDS_ROOM == '1' and tonumber(known[1] or 0) <= NOW then return { 'ROOM' } end
    for i = 2, 3 do
      local ends = tonumber(string.match(known[i] or '', '^%d+') or 0)
      if ends > NOW then return { 'COOL', ends, tostring(NOW), i == 3 and 'network' or 'buyer' } end
    end
  end
end
