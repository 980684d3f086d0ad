select id::text as key, id as booking, show_id as show, hold_id as hold
  from booking
 where split_part(hold_id, '.', 1) <> show_id
union all
select m.id::text, b.id, b.show_id, m.hold_id
  from booking_move m join booking b on b.id = m.booking_id
 where split_part(m.hold_id, '.', 1) <> b.show_id
union all
select id::text, booking_id, show_id, hold_id
  from paid_move
 where split_part(hold_id, '.', 1) <> show_id
