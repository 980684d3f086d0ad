-- The unique index one_booking_per_seat says the same; this asks the rows, so a damaged or missing index is seen.
select show_id || '/' || seat_index as key, show_id as show, seat_index as seat,
       array_agg(booking_id::text order by booking_id) as bookings
  from booking_seat
 where live
 group by show_id, seat_index
having count(*) > 1
