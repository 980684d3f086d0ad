-- Moves to dearer seats: the difference is paid for first, and only then is the booking moved.

create table paid_move (
  id              uuid constraint paid_move_pkey primary key, -- of its booking_move too, once it is done
  booking_id      uuid not null,
  show_id         text not null,
  plan_id         text not null constraint paid_move_plan references seating_plan, -- whose indexes its seats are
  hold_id         text not null constraint one_paid_move_per_hold unique, -- the lease that the new seats are in
  -- DONE: moved. FAILED: declined. EXPIRED: not paid in time, or given up. REFUNDED: paid, and could not be moved any more.
  status          text not null default 'PENDING'
                  constraint paid_move_status check (status in ('PENDING', 'DONE', 'FAILED', 'EXPIRED', 'REFUNDED')),
  difference      bigint not null constraint paid_move_difference check (difference > 0),
  idempotency_key text not null constraint paid_move_key check (length(idempotency_key) between 1 and 200),
  request_hash    text not null, -- the same key with another body is refused
  asked_by        uuid not null constraint paid_move_asked_by references app_user,
  created_at      timestamptz not null default clock_timestamp(),
  expires_at      timestamptz not null,
  ended_at        timestamptz,
  constraint paid_move_booking foreign key (booking_id, show_id) references booking (id, show_id),
  constraint one_paid_move_per_key unique (asked_by, idempotency_key),
  constraint paid_move_of_booking unique (id, booking_id),
  constraint paid_move_ended check ((status = 'PENDING') = (ended_at is null))
);
create index paid_move_of on paid_move (booking_id, created_at);
create index paid_move_due on paid_move (expires_at) where status = 'PENDING';
create unique index one_paid_move_at_a_time on paid_move (booking_id) where status = 'PENDING';

create table paid_move_seat (
  move_id   uuid not null constraint paid_move_seat_of references paid_move,
  show_id   text not null,
  plan_id   text not null,
  from_seat integer not null,
  to_seat   integer not null,
  was       jsonb not null, -- ChargedSeat of #domain/moved-price: the seat as it was charged when the difference was agreed
  becomes   jsonb not null, -- and as it will be
  waits     boolean not null default true,
  constraint paid_move_seat_pkey primary key (move_id, from_seat),
  constraint paid_move_seat_new foreign key (plan_id, to_seat) references plan_seat (plan_id, seat_index)
);
-- A seat waits for one move at most. Whether it is sold is for one_booking_per_seat to say.
create unique index one_paid_move_per_seat on paid_move_seat (show_id, to_seat) where waits;

alter table booking_move add column paid bigint not null default 0, -- how much of the difference its buyer paid for it
  drop constraint booking_move_waived,
  add constraint booking_move_waived check (waived >= 0 and paid >= 0 and waived + paid <= greatest(difference, 0));

-- A booking is paid for at most once, and each of its paid moves too. The difference has one try.
alter table payment add column move_id uuid,
  add constraint payment_of_move foreign key (move_id, booking_id) references paid_move (id, booking_id);
drop index one_effective_payment;
drop index one_payment_at_a_time;
create unique index one_effective_payment on payment (booking_id) where status in ('SUCCESS', 'REFUNDED') and move_id is null;
create unique index one_payment_at_a_time on payment (booking_id) where status = 'PENDING' and move_id is null;
create unique index one_payment_per_move on payment (move_id) where move_id is not null;

-- A difference that was paid in vain: it never was a part of the booking's price.
alter table refund add column paid_move_id uuid constraint refund_of_paid_move references paid_move,
-- A booking that was moved to dearer seats was paid for in parts: what one payment cannot give back, another one does.
  add column part_of uuid constraint refund_part_of references refund;
create unique index one_refund_per_paid_move on refund (paid_move_id);
drop index one_refund_per_move;
create unique index one_refund_per_move on refund (move_id) where part_of is null;
