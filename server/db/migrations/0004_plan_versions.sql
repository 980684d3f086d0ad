-- Seating plans that can be edited: drafts, versions, and shows that move to a newer version.

-- One row a version, and at most one draft a series. A draft has no geometry and no names yet: both are made of `draft`
-- when it is published, and never change afterwards. (Drafts that were imported before have their geometry alone.)
alter table seating_plan
  add column series     text not null default gen_random_uuid()::text,
  add column number     integer not null default 1 check (number > 0),
  add column version    integer not null default 1, -- goes up with every change by hand
  add column updated_at timestamptz not null default now(),
  add column draft      json, -- PlanDraft of #domain/plan-draft; kept after publishing, the next version starts from it
  add column tiers      json,
  alter column geometry drop not null,
  drop constraint seating_plan_capacity_check,
  add constraint plan_capacity check (capacity between 0 and 200000),
  add constraint plan_published_whole check (published_at is null or (geometry is not null and capacity > 0)),
  add constraint plan_has_content check (geometry is not null or draft is not null),
  add constraint one_number_per_version unique (series, number);
create unique index one_draft_per_series on seating_plan (series) where published_at is null;
create index plan_organizer on seating_plan (organizer_id);

-- Whoever deletes a version asks for each of its places whether it was sold or blocked.
create index booking_seat_place on booking_seat (plan_id, seat_index);
create index seat_block_place on seat_block (plan_id, seat_index);
create index show_plan on show (plan_id);

-- When a show moves to a newer version, its places get other indexes, all at once.
alter table booking_seat
  -- What is booked must be of the show's plan; what was let go may stay in the version that it was sold in.
  add column live_plan_id text generated always as (case when live then plan_id end) stored,
  drop constraint booking_seat_show_id_plan_id_fkey,
  add constraint booking_seat_show_id_plan_id_fkey
    foreign key (show_id, live_plan_id) references show (id, plan_id) deferrable,
  alter constraint booking_seat_plan_id_seat_index_fkey deferrable;
alter table seat_block
  drop constraint seat_block_show_id_plan_id_fkey,
  add constraint seat_block_show_id_plan_id_fkey
    foreign key (show_id, plan_id) references show (id, plan_id) on delete cascade deferrable,
  alter constraint seat_block_plan_id_seat_index_fkey deferrable;
alter table ticket
  alter constraint ticket_booking_id_seat_index_fkey deferrable;
