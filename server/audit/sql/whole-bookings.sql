-- Seats leave a confirmed booking one by one only by a refund, which voids their tickets: see tickets-of-seats.
select b.id::text as key, b.id as booking, b.status, s.seats, s.live, p.problem
  from booking b
 cross join lateral (
       select count(*)::int as seats, count(*) filter (where live)::int as live
         from booking_seat where booking_id = b.id) s
 cross join lateral (
       select case when s.seats = 0 then 'has no seats'
                   when b.status = 'PENDING' and s.live < s.seats then 'waits for its payment without all of its seats'
                   when b.status = 'CONFIRMED' and s.live = 0 then 'is confirmed without a seat'
                   when b.status not in ('PENDING', 'CONFIRMED') and s.live > 0 then 'is over and still has seats'
              end as problem) p
 where p.problem is not null
