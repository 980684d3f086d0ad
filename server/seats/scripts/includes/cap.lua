-- May the buyer have `more` seats? Needs "buyer", and `overdue`: the holds whose seats they are about to take.
local mine = hold and select(2, string.gsub(hold[1], '%d+', '')) or 0
local taken = tonumber(redis.call('HGET', TAKEN, buyer) or 0)
-- An overdue lease of the buyer's own still counts in `taken`, though its seats are about to come back.
if taken > 0 and mine + more + taken > tonumber(head[6]) then
  for owner in pairs(overdue) do
    local late = redis.call('HMGET', HOLD .. owner, 'buyer', 'phase', 'seats')
    if late[1] == buyer and late[2] == 'paying' then taken = taken - select(2, string.gsub(late[3], '%d+', '')) end
  end
end
if mine + more + taken > tonumber(head[6]) then return { 'CAP', head[6], taken } end
if network ~= '' and NETWORK_CAP > 0 and more > 0 and network_has + more > NETWORK_CAP then
  return { 'NETWORK', NETWORK_CAP, network_has }
end
if mine + more > MAX_SEATS then return { 'FULL' } end
