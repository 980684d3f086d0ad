-- Money that goes back, and shows that do not take place.

alter table show
  -- Until how many minutes before the start customers may cancel by themselves; null: never.
  add column refund_until_min integer default 1440 check (refund_until_min between 0 and 525600),
  add column cancelled_at  timestamptz,
  add column cancelled_by  uuid references app_user,
  add column cancel_reason text check (length(cancel_reason) between 1 and 300),
  add constraint cancelled_for_a_reason check ((cancelled_at is null) = (cancel_reason is null)),
  add constraint cancelled_show_closed check (cancelled_at is null or sale = 'closed');

-- When it stopped being CONFIRMED, or when money came for it that has to go back; by whom (null: Fullhouse) and why.
alter table booking
  add column cancelled_at  timestamptz,
  add column cancelled_by  uuid references app_user,
  add column cancel_reason text;

-- A ticket whose seat was given back lets nobody in.
alter table ticket add column void_at timestamptz;

alter table payment add constraint payment_of_booking unique (id, booking_id);

-- One sum that goes back to the buyer. Its id is what the gateway knows it by: asked again, it pays once.
create table refund (
  id           uuid primary key,
  payment_id   uuid not null,
  booking_id   uuid not null,
  amount       bigint not null check (amount > 0),
  currency     text not null,
  reason       text not null check (length(reason) between 1 and 300),
  seats        integer[] check (cardinality(seats) > 0), -- the seats given back; null: all that were left, the booking is over
  status       text not null default 'PENDING' check (status in ('PENDING', 'DONE', 'FAILED')),
  requested_by uuid references app_user, -- null: Fullhouse itself, because a payment came too late
  created_at   timestamptz not null default now(),
  settled_at   timestamptz,
  attempts     integer not null default 0, -- how often the gateway was asked
  refusals     integer not null default 0, -- how often it said no since somebody asked for it
  next_at      timestamptz not null default now(), -- not before then is it asked again
  error        text, -- why it is not done yet
  foreign key (payment_id, booking_id) references payment (id, booking_id),
  constraint refund_settled check ((status = 'DONE') = (settled_at is not null))
);
create index refund_booking on refund (booking_id, created_at);
create index refund_payment on refund (payment_id);
create index refund_open on refund (next_at) where status = 'PENDING';
create unique index one_full_refund on refund (payment_id) where seats is null;

-- All refunds of a payment together are at most the payment. The lock makes two of them wait for each other.
create function refund_within_payment() returns trigger language plpgsql as $$
declare
  paid payment;
  given bigint;
begin
  select * into paid from payment where id = new.payment_id for update;
  if paid.status not in ('SUCCESS', 'REFUNDED') or paid.currency <> new.currency then
    raise exception 'payment % was not made, or in another currency', new.payment_id
      using errcode = '23514', constraint = 'refund_of_paid';
  end if;
  select coalesce(sum(amount), 0) into given from refund where payment_id = new.payment_id and id <> new.id;
  if given + new.amount > paid.amount then
    raise exception 'refunds of payment % would exceed it', new.payment_id
      using errcode = '23514', constraint = 'refund_within_payment';
  end if;
  return new;
end $$;
create trigger refund_within_payment before insert or update of amount, currency, payment_id on refund
  for each row execute function refund_within_payment();

-- The sandbox gateway's own books again: what it gave back, one row for each refund id.
create table sandbox_refund (
  refund_id  uuid primary key,
  ref        text not null references sandbox_payment,
  amount     bigint not null check (amount > 0),
  currency   text not null,
  status     text not null check (status in ('done', 'pending', 'refused')),
  calls      integer not null default 1,
  created_at timestamptz not null default now()
);
create index sandbox_refund_ref on sandbox_refund (ref);

-- The demo's first bookings were paid for before the sandbox was there: it must know them to give money back.
insert into sandbox_payment (ref, payment_id, amount, currency, status, return_url, created_at, decided_at)
select gateway_ref, id, amount, currency, 'succeeded', '', created_at, settled_at
  from payment where gateway = 'sandbox' and gateway_ref = 'seed-' || booking_id
on conflict do nothing;
