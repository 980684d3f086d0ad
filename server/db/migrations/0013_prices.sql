-- What a seat costs beside its tier: ticket types, fees, tax and promo codes; and what was charged, kept for ever.

-- Adult, child …: a share of the tier's price, or an amount of its own. Shares are basis points: 10,000 is all of it.
create table show_ticket_type (
  show_id text not null references show on delete cascade,
  id      text not null check (id ~ '^[a-z0-9-]{1,60}$'), -- made of its name
  name    text not null check (length(name) between 1 and 40),
  ordinal integer not null check (ordinal >= 1), -- the first is what a seat costs until somebody chooses
  share   integer check (share between 0 and 20000),
  price   bigint check (price >= 0),
  primary key (show_id, id),
  constraint ticket_type_ordinal unique (show_id, ordinal),
  constraint ticket_type_one_price check ((share is null) <> (price is null))
);

create table show_fee (
  show_id     text not null references show on delete cascade,
  ordinal     integer not null check (ordinal >= 1),
  name        text not null check (length(name) between 1 and 40),
  per_ticket  bigint not null default 0 check (per_ticket >= 0),
  share       integer not null default 0 check (share between 0 and 10000),
  per_booking bigint not null default 0 check (per_booking >= 0),
  primary key (show_id, ordinal)
);

alter table show
  add column tax_name     text check (length(tax_name) between 1 and 40),
  add column tax_share    integer check (tax_share between 0 and 10000),
  add column tax_included boolean,
  add constraint show_tax_whole check (num_nulls(tax_name, tax_share, tax_included) in (0, 3));

-- Ticket types, fees and tax of earlier terms, written down with show_price: what was shown is kept for who holds.
create table show_terms (
  show_id  text not null references show on delete cascade,
  terms    integer not null check (terms >= 1),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  pricing  jsonb not null, -- Pricing of #domain/pricing
  primary key (show_id, terms)
);

create table promo_code (
  id            text primary key,
  organizer_id  uuid not null references app_user,
  code          text not null check (code ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
  share         integer check (share between 1 and 10000),
  amount        bigint check (amount > 0),
  currency      text check (currency ~ '^[A-Z]{3}$'),
  every_show    boolean not null, -- else those in promo_show, also when all of them are gone
  starts_at     timestamptz, -- null: at once
  ends_at       timestamptz, -- null: never
  uses          integer not null default 0 check (uses >= 0), -- bookings that are paid with it, or may yet be
  uses_max      integer check (uses_max >= 1),
  uses_per_user integer check (uses_per_user >= 1),
  active        boolean not null default true,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint one_code_per_organizer unique (organizer_id, code),
  constraint promo_one_kind check ((share is null) <> (amount is null) and (amount is null) = (currency is null)),
  constraint promo_window check (starts_at < ends_at),
  -- However many buyers come at once, and whatever else may fail.
  constraint promo_uses_left check (uses <= uses_max)
);
create index promo_list on promo_code (organizer_id, created_at desc, id);

create table promo_show (
  promo_id text not null references promo_code on delete cascade,
  show_id  text not null references show on delete cascade,
  primary key (promo_id, show_id)
);
create index promo_of_show on promo_show (show_id);

-- The code as it was given. `promo_counted` goes with the booking's seats: what expires gives its use back.
alter table booking
  add column promo_id      text references promo_code,
  add column promo_code    text,
  add column promo_counted boolean not null default false,
  add constraint promo_with_its_code check ((promo_id is null) = (promo_code is null)),
  add constraint promo_counts_something check (promo_id is not null or not promo_counted);
create index promo_used_by on booking (promo_id, user_id) where promo_counted;

-- `price` is what the seat cost in all: that is what giving it back gives back, and what reports add up. The rest says
-- what it is made of: base_price − discount + fees + tax. Included tax is contained in it.
alter table booking_seat
  add column ticket_type  text,
  add column tier_price   bigint check (tier_price >= 0), -- before its ticket type; null: it had none
  add column discount     bigint not null default 0,
  add column fees         bigint not null default 0 check (fees >= 0),
  add column tax          bigint not null default 0 check (tax >= 0),
  add column tax_included bigint not null default 0,
  add column base_price   bigint not null generated always as (price + discount - fees - tax) stored,
  add constraint seat_parts check (discount >= 0 and base_price >= discount and tax_included between 0 and price),
  add constraint seat_type_priced check ((ticket_type is null) = (tier_price is null));

-- The fees and the tax of a booking by their names, as they stand on its receipt.
create table booking_charge (
  booking_id uuid not null references booking,
  ordinal    integer not null check (ordinal >= 1),
  kind       text not null check (kind in ('fee', 'tax', 'tax included')),
  name       text not null,
  amount     bigint not null check (amount >= 0),
  primary key (booking_id, ordinal)
);
