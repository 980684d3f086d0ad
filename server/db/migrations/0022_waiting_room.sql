-- Fairness of a hot show: the waiting room that people are admitted from, and what keeps seats from being hoarded.

alter table show
  add column room_per_minute   integer, -- the most that its waiting room admits in a minute; null: it has none
  add column room_minutes      integer not null default 10, -- how long an admission lasts
  add column seats_per_network integer, -- null: any number
  add column cool_down_s       integer not null default 60, -- the first wait of who lets holds run out; 0: none
  add constraint show_room_per_minute check (room_per_minute between 1 and 100000),
  add constraint show_room_minutes check (room_minutes between 2 and 120),
  add constraint show_seats_per_network check (seats_per_network between 1 and 10000),
  add constraint show_cool_down check (cool_down_s between 0 and 1800);

-- A keyed hash of the network that the hold was begun from, where the show counts them: nobody can tell the address from it.
alter table booking add column network text;

-- The draw of a waiting room. The seed is made before anybody comes; the list of entrants is fixed before it is published.
create table waiting_room (
  show_id     text not null references show on delete cascade,
  seed        bytea not null,
  commitment  text not null,
  made_at     timestamptz not null default now(),
  closed_at   timestamptz, -- who is in the draw is written down
  entrants    integer,
  list_hash   text,
  drawn_at    timestamptz, -- the seed is public
  admitted_to bigint not null default 0, -- the last place that was admitted
  paused      boolean not null default false,
  constraint one_waiting_room_per_show primary key (show_id),
  constraint waiting_room_seed check (length(seed) = 32),
  constraint waiting_room_commitment check (commitment = encode(sha256(seed), 'hex')),
  constraint waiting_room_closed check ((closed_at is null) = (entrants is null) and (closed_at is null) = (list_hash is null)),
  constraint waiting_room_drawn check (drawn_at is null or closed_at is not null)
);

create table waiting_room_entrant (
  show_id text not null references waiting_room (show_id) on delete cascade,
  ticket  text not null,
  buyer   text not null, -- never published
  constraint one_entrant_per_ticket primary key (show_id, ticket),
  constraint one_ticket_per_buyer unique (show_id, buyer)
);
