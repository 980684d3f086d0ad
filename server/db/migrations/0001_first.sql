-- The catalogue, the accounts and the bookings. Ids of the catalogue are text of 12 characters;
-- whatever belongs to a person (user, booking, payment, ticket) is a uuid that cannot be guessed.

create table app_user (
  id            uuid primary key,
  email         text not null check (length(email) <= 254),
  name          text not null check (length(name) between 1 and 120),
  password_hash text not null,
  role          text not null default 'customer' check (role in ('customer', 'organizer', 'staff', 'admin')),
  created_at    timestamptz not null default now()
);
create unique index one_account_per_email on app_user (lower(email));

-- id is the SHA-256 of the token the browser has: a dump of this table signs nobody in.
create table user_session (
  id         text primary key,
  user_id    uuid not null references app_user on delete cascade,
  expires_at timestamptz not null,
  guest      text, -- the buyer this user was before signing in: their hold is theirs still
  created_at timestamptz not null default now()
);
create index user_session_user on user_session (user_id);

create table venue (
  id           text primary key,
  organizer_id uuid not null references app_user,
  slug         text not null unique,
  name         text not null check (length(name) between 1 and 120),
  address      text not null default '',
  city         text not null,
  country      text not null,
  time_zone    text not null, -- IANA, such as Europe/Berlin
  created_at   timestamptz not null default now()
);

-- One row a version; a published version never changes, so its geometry can be cached for ever.
create table seating_plan (
  id           text primary key,
  organizer_id uuid not null references app_user,
  venue_id     text not null references venue,
  name         text not null,
  capacity     integer not null check (capacity between 1 and 200000),
  geometry     json not null, -- Plan of #domain/plan
  published_at timestamptz,
  created_at   timestamptz not null default now()
);

create table plan_seat (
  plan_id    text not null references seating_plan on delete cascade,
  seat_index integer not null check (seat_index >= 0),
  label      text not null, -- 'Stalls, row F, seat 7'
  short      text not null, -- 'F7'
  tier       text not null,
  primary key (plan_id, seat_index)
);

create table event (
  id           text primary key,
  organizer_id uuid not null references app_user,
  slug         text not null unique,
  kind         text not null check (kind in ('movie', 'concert', 'theatre', 'sport', 'other')),
  title        text not null check (length(title) between 1 and 200),
  performers   text not null default '',
  description  text not null default '',
  duration_min integer check (duration_min > 0),
  rating       text not null default '',
  tags         text[] not null default '{}',
  banner       text, -- path below the site, such as /banners/hamlet.svg
  created_at   timestamptz not null default now()
);
create index event_kind on event (kind);

create table show (
  id              text primary key,
  event_id        text not null references event,
  venue_id        text not null references venue,
  plan_id         text not null references seating_plan,
  starts_at       timestamptz not null,
  doors_at        timestamptz,
  sale_opens_at   timestamptz not null default now(),
  sale_closes_at  timestamptz not null,
  sale            text not null default 'open' check (sale in ('open', 'paused', 'closed')),
  seats_per_buyer integer not null check (seats_per_buyer between 1 and 50),
  currency        text not null check (currency ~ '^[A-Z]{3}$'),
  created_at      timestamptz not null default now(),
  unique (id, plan_id)
);
create index show_event on show (event_id, starts_at);
create index show_start on show (starts_at);

-- Money is minor units of the show's currency.
create table show_tier (
  show_id text not null references show on delete cascade,
  tier    text not null,
  name    text not null,
  ordinal integer not null, -- 1 … 5, picks the colour
  price   bigint not null check (price >= 0),
  primary key (show_id, tier)
);

create table seat_block (
  show_id    text not null,
  plan_id    text not null,
  seat_index integer not null,
  reason     text not null default '',
  blocked_by uuid references app_user,
  created_at timestamptz not null default now(),
  primary key (show_id, seat_index),
  foreign key (show_id, plan_id) references show (id, plan_id) on delete cascade,
  foreign key (plan_id, seat_index) references plan_seat (plan_id, seat_index)
);

create table booking (
  id              uuid primary key,
  show_id         text not null references show,
  user_id         uuid not null references app_user,
  hold_id         text not null,
  status          text not null check (status in ('PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED', 'REFUND_DUE', 'REFUNDED')),
  idempotency_key text not null check (length(idempotency_key) between 1 and 200),
  request_hash    text not null, -- the same key with another body is refused
  total           bigint not null check (total >= 0),
  currency        text not null,
  expires_at      timestamptz not null,
  confirmed_at    timestamptz,
  created_at      timestamptz not null default now(),
  constraint one_booking_per_key unique (user_id, idempotency_key),
  constraint one_booking_per_hold unique (hold_id),
  unique (id, show_id)
);
create index booking_user on booking (user_id, created_at desc, id);
create index booking_show on booking (show_id, status);
create index booking_pending on booking (expires_at) where status = 'PENDING';

create table booking_seat (
  booking_id uuid not null,
  show_id    text not null,
  plan_id    text not null,
  seat_index integer not null,
  price      bigint not null check (price >= 0),
  attendee   text,
  live       boolean not null default true,
  primary key (booking_id, seat_index),
  foreign key (booking_id, show_id) references booking (id, show_id),
  foreign key (show_id, plan_id) references show (id, plan_id),
  foreign key (plan_id, seat_index) references plan_seat (plan_id, seat_index)
);
-- One seat of a show belongs to at most one live booking. Everything else may fail; this may not.
create unique index one_booking_per_seat on booking_seat (show_id, seat_index) where live;

create table payment (
  id          uuid primary key,
  booking_id  uuid not null references booking,
  gateway     text not null,
  gateway_ref text, -- the gateway's own id, once it has answered
  redirect_url text,
  status      text not null check (status in ('PENDING', 'SUCCESS', 'FAILED', 'REFUNDED')),
  amount      bigint not null check (amount >= 0),
  currency    text not null,
  created_at  timestamptz not null default now(),
  polled_at   timestamptz, -- when the gateway was last asked, because its message did not come
  settled_at  timestamptz
);
create index payment_booking on payment (booking_id, created_at desc);
create index payment_pending on payment (created_at) where status = 'PENDING';
-- A booking is paid for at most once, and tried at most once at a time.
create unique index one_effective_payment on payment (booking_id) where status in ('SUCCESS', 'REFUNDED');
create unique index one_payment_at_a_time on payment (booking_id) where status = 'PENDING';

-- Every message of a gateway counts once, however often it is sent.
create table webhook_event (
  gateway     text not null,
  event_id    text not null,
  received_at timestamptz not null default now(),
  primary key (gateway, event_id)
);

-- The sandbox gateway's own books: what a real gateway would keep on its side.
create table sandbox_payment (
  ref        text primary key,
  payment_id uuid not null unique,
  amount     bigint not null,
  currency   text not null,
  status     text not null default 'open' check (status in ('open', 'succeeded', 'declined')),
  return_url text not null,
  created_at timestamptz not null default now(),
  decided_at timestamptz
);

create table ticket (
  id            uuid primary key,
  booking_id    uuid not null,
  show_id       text not null,
  seat_index    integer not null,
  checked_in_at timestamptz,
  created_at    timestamptz not null default now(),
  foreign key (booking_id, seat_index) references booking_seat (booking_id, seat_index),
  unique (booking_id, seat_index)
);
create index ticket_show on ticket (show_id);

-- What must still be done after a commit. Written in the transaction it belongs to, so it is never lost.
create table outbox (
  id            bigint generated always as identity primary key,
  dedupe_key    text not null unique,
  kind          text not null,
  payload       jsonb not null,
  due_at        timestamptz not null default now(),
  created_at    timestamptz not null default now(),
  dispatches    integer not null default 0, -- how often it was handed to the queue: part of the job's id
  dispatched_at timestamptz,
  done_at       timestamptz -- the job has reported success; until then it is dispatched again after a while
);
create index outbox_open on outbox (due_at) where done_at is null;

-- A mail is claimed here before it is sent and marked after: a resend needs a crash between the two.
create table email_sent (
  dedupe_key text primary key,
  message_id text not null,
  recipient  text not null,
  claimed_at timestamptz not null default now(),
  sent_at    timestamptz,
  rejected   text -- the mail server's last word, when it will never take this mail
);

-- A fresh number for every rebuild of a show's map in Redis: it never repeats, so clients can tell old from new.
create sequence seat_epoch as bigint;
