select b.id || '/' || s.seat_index as key, b.id as booking, b.status, s.seat_index as seat, s.live, t.id as ticket, t.void_at
  from booking b
  join booking_seat s on s.booking_id = b.id
  left join ticket t on t.booking_id = s.booking_id and t.seat_index = s.seat_index and t.void_at is null
 where (b.status = 'CONFIRMED' and s.live) <> (t.id is not null)
    -- A seat that a confirmed booking has lost without having been given back.
    or (b.status = 'CONFIRMED' and not s.live and not exists (
          select 1 from ticket v where v.booking_id = s.booking_id and v.seat_index = s.seat_index))
