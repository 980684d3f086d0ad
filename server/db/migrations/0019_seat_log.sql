-- What happened to each seat of each show, kept for longer than Redis remembers it. Nothing here refers to `show`: the
-- log of a show that was deleted stays until its time is over, like the rows of the audit log.

-- One epoch of a show's map. `kept` is the version of the last entry in seat_event, written in the transaction that
-- keeps it; `last_entry` is that entry as Redis had it, so that a Redis that went back in time is noticed.
create table seat_run (
  show_id    text not null,
  epoch      bigint not null,
  plan_id    text, -- whose seats the indexes are of; null, like the capacity, where the beginning is lost
  capacity   integer constraint seat_run_capacity check (capacity > 0),
  kept       bigint not null constraint seat_run_kept check (kept >= 0),
  last_entry text not null,
  keyframed  bigint, -- the version of the last keyframe; null where the map is not known since a gap
  began_at   timestamptz not null, -- of its first entry
  kept_at    timestamptz not null, -- of its last one
  ended      boolean not null default false, -- the map was taken away in an orderly way: nothing follows
  constraint seat_run_pkey primary key (show_id, epoch)
);
create index seat_run_old on seat_run (kept_at);

-- One entry of the log: these seats took this state. The partitions, one a month, are made by a job
-- (server/seat-log/months.ts); a row for which there is none falls into the last one and is moved later.
create table seat_event (
  show_id text not null,
  epoch   bigint not null,
  version bigint not null,
  at      timestamptz not null, -- by Redis' clock
  state   smallint not null constraint seat_event_state check (state between 0 and 3),
  seats   integer[] not null,
  cause   text not null,
  hold_id text not null,
  buyer   text not null,
  -- The month is part of every key of a partitioned table; an entry that is copied again has the same time.
  constraint one_event_per_version primary key (show_id, epoch, version, at)
) partition by range (at);
create table seat_event_rest partition of seat_event default;

-- The whole map at some versions: where looking begins, instead of at the first entry.
create table seat_keyframe (
  show_id text not null,
  epoch   bigint not null,
  version bigint not null,
  at      timestamptz not null,
  map     bytea not null, -- 2 bits a seat, as Redis has it
  held    integer not null,
  booked  integer not null,
  blocked integer not null,
  constraint seat_keyframe_pkey primary key (show_id, epoch, version)
);
create index seat_keyframe_old on seat_keyframe (at);

-- Where entries are missing: never papered over. `to_version` is null where nobody can know how many they were.
create table seat_gap (
  id           bigint generated always as identity constraint seat_gap_pkey primary key,
  show_id      text not null,
  epoch        bigint not null,
  from_version bigint not null,
  to_version   bigint,
  reason       text not null constraint seat_gap_reason check (reason in ('trimmed', 'lost', 'went-back')),
  noticed_at   timestamptz not null default clock_timestamp(),
  constraint seat_gap_is_one check (to_version >= from_version)
);
create index seat_gap_of on seat_gap (show_id, epoch, from_version);

-- A rehearsal: a show's copy in a schema of its own, sold to simulated buyers, and then removed. The row stays.
create table rehearsal (
  id         text constraint rehearsal_pkey primary key,
  show_id    text not null constraint rehearsal_show references show on delete cascade,
  started_by uuid not null constraint rehearsal_started_by references app_user,
  buyers     integer not null constraint rehearsal_buyers check (buyers between 1 and 500),
  seconds    integer not null constraint rehearsal_seconds check (seconds between 1 and 300),
  state      text not null default 'waiting'
    constraint rehearsal_state check (state in ('waiting', 'running', 'stopping', 'done', 'stopped', 'failed')),
  created_at timestamptz not null default now(),
  beat_at    timestamptz not null default now(), -- of the worker that runs it
  ended_at   timestamptz,
  doing      text not null default '',
  progress   jsonb,
  verdict    jsonb,
  constraint rehearsal_ends check ((ended_at is null) = (state in ('waiting', 'running', 'stopping')))
);
create unique index one_rehearsal_at_a_time on rehearsal ((true)) where ended_at is null;
create index rehearsal_of on rehearsal (show_id, created_at desc);
