-- Which of the seats in `wanted` can be had: all of them, or it answers those that are gone. Needs "show" and "change", and
-- `mine_already`: the hold whose own seats count as had. Leaves `fresh`, and `overdue`: the holds that they are taken from.
local states = states_of(wanted)
local fresh, held, gone, overdue = {}, {}, {}, {}
for i = 1, #wanted do
  local state = states[i]
  if state == AVAILABLE then
    fresh[#fresh + 1] = wanted[i]
  elseif state == HELD then
    held[#held + 1] = wanted[i]
  else
    gone[#gone + 1] = wanted[i]
  end
end
if #held > 0 then
  local owners = redis.call('HMGET', OWNER, unpack(held))
  for i = 1, #held do
    local owner = owners[i]
    if owner ~= mine_already then
      local deadline = owner and redis.call('ZSCORE', DUE, owner)
      if deadline and (GUARDED or tonumber(deadline) > NOW) then
        gone[#gone + 1] = held[i]
      else
        if owner then overdue[owner] = true end
        fresh[#fresh + 1] = held[i]
      end
    end
  end
end
if #gone > 0 then return { 'TAKEN', unpack(gone) } end
