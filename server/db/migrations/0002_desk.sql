-- The organizer's desk: who changed what, and whether somebody else did so meanwhile.

-- Goes up with every change of the row by hand. Who saves says which one they saw.
alter table venue
  add column version    integer not null default 1,
  add column updated_at timestamptz not null default now();
alter table event
  add column version    integer not null default 1,
  add column updated_at timestamptz not null default now();
alter table show
  add column version    integer not null default 1,
  add column updated_at timestamptz not null default now(),
  add constraint show_sale_window check (sale_opens_at < sale_closes_at),
  add constraint show_doors_first check (doors_at <= starts_at);

create index venue_organizer on venue (organizer_id);
create index event_organizer on event (organizer_id);
create index plan_venue on seating_plan (venue_id);
create index show_venue on show (venue_id);

-- What people did on the desk. Written in the transaction of the change itself, and never changed afterwards:
-- what it tells of may be gone by then, so it refers to nothing but the user.
create table audit_log (
  id        bigint generated always as identity primary key,
  at        timestamptz not null default now(),
  user_id   uuid not null references app_user,
  action    text not null check (action in ('create', 'update', 'delete')),
  kind      text not null, -- 'venue', 'plan', 'event', 'show'
  thing_id  text not null,
  before    jsonb, -- null when it was created
  after     jsonb  -- null when it was deleted
);
create index audit_thing on audit_log (kind, thing_id, id);
