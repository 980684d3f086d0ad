-- Every row of this is excluded by a constraint as well; the rows are asked in case one is damaged or missing.
select 'key ' || user_id || '/' || idempotency_key as key, 'bookings of one request' as what, count(*)::int as times,
       array_agg(id::text order by id) as ids
  from booking group by user_id, idempotency_key having count(*) > 1
union all
select 'hold ' || hold_id, 'bookings of one hold', count(*)::int, array_agg(id::text order by id)
  from booking group by hold_id having count(*) > 1
union all
select 'payment ' || coalesce(move_id, booking_id), 'payments that count', count(*)::int, array_agg(id::text order by id)
  from payment where status in ('SUCCESS', 'REFUNDED') group by booking_id, move_id having count(*) > 1
union all
select 'ticket ' || booking_id || '/' || seat_index, 'valid tickets of one booked seat', count(*)::int, array_agg(id::text order by id)
  from ticket where void_at is null group by booking_id, seat_index having count(*) > 1
union all
select 'work ' || dedupe_key, 'the same work after a commit', count(*)::int, array_agg(id::text order by id)
  from outbox group by dedupe_key having count(*) > 1
union all
select 'message ' || gateway || '/' || event_id, 'the same message of a gateway', count(*)::int, array_agg(event_id)
  from webhook_event group by gateway, event_id having count(*) > 1
