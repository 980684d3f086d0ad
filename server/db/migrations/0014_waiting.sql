-- The waiting list of a show: wishes for so many seats side by side, and the one offer that each may have open.

create table waiting_wish (
  id            uuid primary key,
  show_id       text not null references show on delete cascade,
  user_id       uuid not null references app_user,
  count         integer not null,
  tiers         text[] not null default '{}', -- any of these; empty: all the same
  state         text not null default 'WAITING',
  place         bigint generated always as identity, -- who came first
  hold_id       text not null, -- the hold that the offer's seats are in, or are to be in: known before there is one
  seats         integer[],
  epoch         bigint, -- of the map that the seats were held on: on another one the hold was lost, not given up
  created_at    timestamptz not null default now(),
  offered_at    timestamptz,
  offer_ends_at timestamptz,
  ended_at      timestamptz,
  settled_at    timestamptz, -- ended, and Redis was told to let go of its hold
  constraint waiting_wish_count check (count between 1 and 50),
  -- DECLINED: given up by its buyer. PASSED: its time ran out. LEFT: no seats wanted any more. CLOSED: the sale is over.
  constraint waiting_wish_state
    check (state in ('WAITING', 'OFFERED', 'TAKEN', 'DECLINED', 'PASSED', 'LEFT', 'CLOSED')),
  constraint waiting_wish_offer check (
    (seats is null) = (offered_at is null) and (seats is null) = (offer_ends_at is null)
    and (state <> 'WAITING' or seats is null)
    and (state not in ('OFFERED', 'DECLINED', 'PASSED') or cardinality(seats) = count)
    and (state <> 'TAKEN' or seats is not null)),
  constraint waiting_wish_ended check ((state in ('WAITING', 'OFFERED')) = (ended_at is null)),
  constraint waiting_wish_settled check (settled_at is null or ended_at is not null)
);
create unique index one_wish_per_show on waiting_wish (show_id, user_id) where state in ('WAITING', 'OFFERED');
create unique index one_wish_per_hold on waiting_wish (hold_id);
create index waiting_wish_next on waiting_wish (show_id, place) where state in ('WAITING', 'OFFERED');
create index waiting_wish_unsettled on waiting_wish (show_id) where ended_at is not null and settled_at is null;
create index waiting_wish_user on waiting_wish (user_id, created_at);
