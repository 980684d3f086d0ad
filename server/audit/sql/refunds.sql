select p.id::text as key, p.id as payment, b.id as booking, b.status, p.status as payment_status, p.amount as paid,
       r.owed as going_back, r.done as gone_back, null::bigint as live_seats_worth, w.problem
  from payment p
  join booking b on b.id = p.booking_id
 cross join lateral (
       select coalesce(sum(amount), 0)::bigint as owed, coalesce(sum(amount) filter (where status = 'DONE'), 0)::bigint as done
         from refund where payment_id = p.id) r
 cross join lateral (
       select case when r.owed > p.amount then 'more goes back than was paid'
                   when (p.status = 'REFUNDED') <> (p.amount > 0 and r.done = p.amount) then 'the payment does not say what has gone back'
                   when b.status = 'REFUNDED' and p.status <> 'REFUNDED' and p.amount > 0 then 'the booking is refunded and its payment is not'
              end as problem) w
 where p.status in ('SUCCESS', 'REFUNDED') and w.problem is not null
union all
select 'booking ' || b.id, null, b.id, b.status, null, p.amount, r.owed, r.done, s.worth,
       'what stays is not what the live seats are worth'
  from booking b
 cross join lateral (
       select count(*) as payments, coalesce(sum(amount), 0)::bigint as amount
         from payment where booking_id = b.id and status in ('SUCCESS', 'REFUNDED')) p
 cross join lateral (
       select coalesce(sum(amount), 0)::bigint as owed, coalesce(sum(amount) filter (where status = 'DONE'), 0)::bigint as done
         from refund where booking_id = b.id) r
 cross join lateral (
       select coalesce(sum(price) filter (where live), 0)::bigint as worth from booking_seat where booking_id = b.id) s
 where p.payments > 0 and p.amount - r.owed <> s.worth
