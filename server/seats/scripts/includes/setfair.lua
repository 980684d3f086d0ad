-- Writes what a hot show asks besides; a show that asks for nothing has no such field. Needs "show".
local function set_fair(fair)
  if fair == '' then redis.call('HDEL', META, 'fair', 'cooling') else redis.call('HSET', META, 'fair', fair) end
end
