-- A confirmed booking is moved to other seats of its show: its rows change their seat in place, under the same unique index.

create table booking_move (
  id              uuid constraint booking_move_pkey primary key,
  booking_id      uuid not null constraint booking_move_booking references booking,
  plan_id         text not null constraint booking_move_plan references seating_plan, -- whose indexes these are
  from_seats      integer[] not null,
  to_seats        integer[] not null, -- each in the place of the one that stands there in from_seats
  hold_id         text not null, -- the lease that the new seats were in
  idempotency_key text not null constraint booking_move_key check (length(idempotency_key) between 1 and 200),
  request_hash    text not null, -- the same key with another body is refused
  difference      bigint not null, -- what the new seats would cost more than the old ones
  waived          bigint not null, -- how much of that the organizer does without
  moved_by        uuid not null constraint booking_move_by references app_user,
  at              timestamptz not null default clock_timestamp(),
  constraint one_move_per_hold unique (hold_id),
  constraint one_move_per_key unique (moved_by, idempotency_key),
  constraint booking_move_pairs check (cardinality(from_seats) > 0 and cardinality(from_seats) = cardinality(to_seats)),
  constraint booking_move_waived check (waived between 0 and greatest(difference, 0))
);
create index booking_move_of on booking_move (booking_id, at);

-- The difference to cheaper seats goes back: a part of the booking's price that it has not any more.
alter table refund add column move_id uuid constraint refund_of_move references booking_move;
create unique index one_refund_per_move on refund (move_id);

-- What its seats were priced by, so that others are priced by the same: Terms of #domain/moved-price. Null: older than this.
alter table booking add column pricing jsonb;

-- A seat that was moved has the void ticket of the old seat beside its own.
alter table ticket drop constraint ticket_booking_id_seat_index_key;
create unique index one_valid_ticket_per_seat on ticket (booking_id, seat_index) where void_at is null;
create index ticket_of_seat on ticket (booking_id, seat_index);
