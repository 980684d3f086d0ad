-- Mails that go out by themselves, and how each of them fares.

-- What became of a piece of work so far: how often it went wrong, and in words for a person why the last time.
alter table outbox
  add column failures integer not null default 0 constraint outbox_failures check (failures >= 0),
  add column error    text constraint outbox_error check (length(error) <= 500);
-- The mails about a booking, its payments and its refunds.
create index outbox_mail_about on outbox (coalesce(payload ->> 'bookingId', payload ->> 'paymentId', payload ->> 'refundId'))
  where kind like 'mail.%';

-- A show as it was and as it became: what those who had booked are told. Ids go up with every change of one show,
-- because the change holds the show while it writes. `at` is of the writing, not of the transaction's beginning: a booking
-- made before it is told, one made after it was sold the new terms.
create table show_change (
  id      bigint generated always as identity constraint show_change_pkey primary key,
  show_id text not null constraint show_change_show references show on delete cascade,
  at      timestamptz not null default clock_timestamp(),
  was     jsonb not null,
  becomes jsonb not null,
  constraint show_change_is_one check (was <> becomes)
);
create index show_change_of on show_change (show_id, id);

-- A booking is reminded of its show once, whoever looks and however often.
create table reminder (
  booking_id uuid constraint one_reminder_per_booking primary key constraint reminder_booking references booking on delete cascade,
  id         uuid not null default gen_random_uuid(), -- of this try: a show that moves away takes its reminder back
  at         timestamptz not null default now()
);
create index booking_to_remind on booking (show_id, confirmed_at) where status = 'CONFIRMED';
-- The demo's first buyers are nobody: their mailboxes do not exist.
insert into reminder (booking_id) select id from booking where request_hash = 'seed';

-- An organizer gets one report a month. `month` is its first day, `zone` whose days it counts.
create table monthly_report (
  organizer_id uuid not null constraint monthly_report_organizer references app_user on delete cascade,
  month        date not null constraint monthly_report_month check (extract(day from month) = 1),
  zone         text not null,
  at           timestamptz not null default now(),
  constraint one_report_per_month primary key (organizer_id, month)
);
