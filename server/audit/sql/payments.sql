-- A booking has one payment, and one more for each move to dearer seats; what cheaper seats left over, and what was paid
-- for a move that could not be made, has gone back and is no part of its price.
select b.id::text as key, b.id as booking, b.status, b.total, b.currency, p.payments, w.problem
  from booking b
 cross join lateral (
       select count(*) filter (where status in ('SUCCESS', 'REFUNDED') and move_id is null)::int as paid,
              coalesce(sum(amount) filter (where status in ('SUCCESS', 'REFUNDED')), 0)::bigint as amount,
              bool_or(currency <> b.currency) as foreign_money,
              jsonb_agg(jsonb_build_object('id', id, 'status', status, 'amount', amount, 'currency', currency)) as payments
         from payment where booking_id = b.id) p
 cross join lateral (select coalesce(sum(amount), 0)::bigint as amount,
              coalesce(sum(amount) filter (where move_id is not null or paid_move_id is not null), 0)::bigint as of_moves from refund where booking_id = b.id) r
 cross join lateral (
       select case when p.paid > 1 then 'was paid for more than once'
                   when b.status in ('CONFIRMED', 'REFUND_DUE', 'REFUNDED') and p.paid = 0 then 'was never paid for'
                   when p.paid = 1 and p.amount - r.of_moves <> b.total then 'was paid for with another amount'
                   when p.foreign_money then 'was paid for in another currency'
                   when b.status in ('PENDING', 'EXPIRED') and p.paid > 0 then 'was paid for and is not confirmed'
                   when b.status = 'CANCELLED' and p.amount > r.amount then 'was paid for and nothing goes back'
              end as problem) w
 where w.problem is not null
