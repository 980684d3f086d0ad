select b.id::text as key, b.id as booking, b.total, sum(s.price)::bigint as prices
  from booking b
  join booking_seat s on s.booking_id = b.id
 group by b.id
having b.total <> sum(s.price)
