select b.id::text as key, b.id as booking, b.status, b.created_at, b.confirmed_at, b.cancelled_at, w.problem
  from booking b
 cross join lateral (
       select case when b.status = 'CONFIRMED' and b.confirmed_at is null then 'is confirmed and never was'
                   when b.status in ('PENDING', 'EXPIRED') and b.confirmed_at is not null then 'went back from confirmed'
                   when b.status in ('REFUND_DUE', 'REFUNDED') and b.cancelled_at is null then 'is to be refunded and was never cancelled'
                   when b.status = 'CONFIRMED' and b.cancelled_at is not null then 'is confirmed and was cancelled'
                   when b.confirmed_at < b.created_at then 'was confirmed before it was made'
              end as problem) w
 where w.problem is not null
union all
select 'payment ' || id, booking_id, status, created_at, settled_at, null, 'a settled payment has its time, an open one has none'
  from payment
 where (status = 'PENDING') <> (settled_at is null)
