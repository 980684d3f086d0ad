select p.id::text as key, p.id as payment, b.id as booking, b.status, p.status as payment_status, p.amount as paid,
       r.owed as going_back, r.done as gone_back, s.worth as live_seats_worth, w.problem
  from payment p
  join booking b on b.id = p.booking_id
 cross join lateral (
       select coalesce(sum(amount), 0)::bigint as owed, coalesce(sum(amount) filter (where status = 'DONE'), 0)::bigint as done
         from refund where payment_id = p.id) r
 cross join lateral (
       select coalesce(sum(price) filter (where live), 0)::bigint as worth from booking_seat where booking_id = b.id) s
 cross join lateral (
       select case when r.owed > p.amount then 'more goes back than was paid'
                   when p.amount - r.owed <> s.worth then 'what stays is not what the live seats are worth'
                   when (p.status = 'REFUNDED') <> (p.amount > 0 and r.done = p.amount) then 'the payment does not say what has gone back'
                   when b.status = 'REFUNDED' and p.status <> 'REFUNDED' then 'the booking is refunded and its payment is not'
              end as problem) w
 where p.status in ('SUCCESS', 'REFUNDED') and w.problem is not null
