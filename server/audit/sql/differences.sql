-- A move to dearer seats is made for the difference that was paid, and for no other; what was paid in vain goes back.
select m.id::text as key, m.id as move, m.booking_id as booking, m.status, m.difference, p.payments, d.paid as moved_for,
       r.amount as goes_back, s.sum as by_seats, w.problem
  from paid_move m
  left join booking_move d on d.id = m.id
 cross join lateral (
       select count(*) filter (where status in ('SUCCESS', 'REFUNDED'))::int as paid,
              count(*) filter (where status = 'PENDING')::int as open, bool_and(amount = m.difference) as same,
              jsonb_agg(jsonb_build_object('id', id, 'status', status, 'amount', amount)) as payments
         from payment where move_id = m.id) p
 cross join lateral (
       select coalesce(sum(amount), 0)::bigint as amount from refund where paid_move_id = m.id) r
 cross join lateral (
       select sum((becomes ->> 'price')::bigint - (was ->> 'price')::bigint)::bigint as sum, bool_or(waits) as waits
         from paid_move_seat where move_id = m.id) s
 cross join lateral (
       select case when p.same is distinct from true then 'has no payment, or one of another amount'
                   when s.sum is distinct from m.difference then 'costs another difference than its seats'
                   when (m.status = 'PENDING') <> s.waits then 'has seats that wait for nothing, or none that wait for it'
                   when m.status = 'PENDING' and p.open <> 1 then 'waits for a payment that is settled'
                   when (m.status = 'DONE') <> (d.id is not null) then 'is done and was not moved, or the other way round'
                   when d.paid <> m.difference then 'was moved for another amount than was paid'
                   when (m.status in ('DONE', 'REFUNDED')) <> (p.paid = 1) then 'was paid for and came to nothing, or was never paid for'
                   when m.status = 'REFUNDED' and r.amount <> m.difference then 'was paid for in vain and does not all go back'
                   when m.status <> 'REFUNDED' and r.amount > 0 then 'goes back, though the seats were changed for it'
              end as problem) w
 where w.problem is not null
union all
select 'booking_move ' || d.id, d.id, d.booking_id, null, d.difference, null, d.paid, null, null, 'says that it was paid for, and was not'
  from booking_move d
 where d.paid > 0 and not exists (select 1 from paid_move m where m.id = d.id)
