select id::text as key, id as booking, show_id as show, hold_id as hold
  from booking
 where split_part(hold_id, '.', 1) <> show_id
