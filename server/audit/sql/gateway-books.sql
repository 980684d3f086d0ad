-- Stripe's books are not ours to read; the sandbox keeps its own in two tables that nothing else writes.
select p.id::text as key, p.id as payment, p.status, p.amount, p.currency, g.ref, g.status as gateway_status,
       g.amount as gateway_amount, g.currency as gateway_currency, g.decided_at, w.problem
  from payment p
  left join sandbox_payment g on g.payment_id = p.id
 cross join lateral (
       select case when p.status in ('SUCCESS', 'REFUNDED') and g.status is distinct from 'succeeded' then 'the gateway knows of no success'
                   when g.amount <> p.amount or g.currency <> p.currency then 'the gateway was paid another sum'
                   when g.status = 'succeeded' and p.status in ('PENDING', 'FAILED') and g.decided_at < now() - :settling
                        then 'the gateway was paid and we do not know'
              end as problem) w
 where p.gateway = 'sandbox' and w.problem is not null
union all
select 'refund ' || r.id, r.payment_id, r.status, r.amount, r.currency, g.ref, g.status, g.amount, g.currency, r.settled_at,
       'the gateway has not given this back'
  from refund r
  join payment p on p.id = r.payment_id and p.gateway = 'sandbox'
  left join sandbox_refund g on g.refund_id = r.id
 where r.status = 'DONE' and (g.status is distinct from 'done' or g.amount <> r.amount)
union all
select coalesce('move ' || p.move_id, 'booking ' || p.booking_id), null, null, null, null, null, null, sum(g.amount)::bigint, null, max(g.decided_at),
       'the buyer has paid the gateway more than once'
  from payment p
  join sandbox_payment g on g.payment_id = p.id and g.status = 'succeeded'
 where p.status in ('SUCCESS', 'REFUNDED', 'PENDING')
 group by p.booking_id, p.move_id
having count(*) > 1
