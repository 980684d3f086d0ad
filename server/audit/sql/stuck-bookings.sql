select id::text as key, id as booking, show_id as show, expires_at
  from booking
 where status = 'PENDING' and expires_at < now() - :settling
union all
select 'move ' || id, booking_id, show_id, expires_at
  from paid_move
 where status = 'PENDING' and expires_at < now() - :settling
