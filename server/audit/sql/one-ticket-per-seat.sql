-- Two people with a valid ticket for one seat meet at the seat, whatever the bookings say.
select show_id || '/' || seat_index as key, show_id as show, seat_index as seat,
       array_agg(id::text order by id) as tickets
  from ticket
 where void_at is null
 group by show_id, seat_index
having count(*) > 1
