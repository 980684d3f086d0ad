-- The cap may have been lower, or higher, than it is now: the highest that it ever was counts. The demo's first
-- bookings (request_hash 'seed') were made by no buyer and went through no cap.
select b.show_id || '/' || b.user_id as key, b.show_id as show, b.user_id as user, c.cap, count(*)::int as seats,
       array_agg(distinct b.id::text) as bookings
  from booking b
  join booking_seat s on s.booking_id = b.id and s.live
  join show w on w.id = b.show_id
 cross join lateral (
       select greatest(w.seats_per_buyer, max((a.before ->> 'seatsPerBuyer')::int)) as cap
         from audit_log a where a.kind = 'show' and a.thing_id = w.id) c
 where b.request_hash <> 'seed'
 group by b.show_id, b.user_id, c.cap
having count(*) > c.cap
