-- Rooms of venues, and which pictures the drafts of seating plans are drawn over.

-- A venue has rooms, or none: then it is one. Their order is their organizer's.
create table venue_room (
  venue_id text not null,
  name     text not null,
  ordinal  integer not null,
  constraint venue_room_pkey primary key (venue_id, name),
  constraint venue_room_venue_id_fkey foreign key (venue_id) references venue on delete cascade,
  constraint venue_room_name check (name = btrim(name) and length(name) between 1 and 80),
  constraint venue_room_ordinal check (ordinal > 0)
);
create unique index one_room_per_name on venue_room (venue_id, lower(name));

-- A room that a plan is for cannot go; one that gets another name has it in all of its plans at once.
alter table seating_plan
  add column room text,
  add constraint seating_plan_room_fkey
    foreign key (venue_id, room) references venue_room (venue_id, name) on update cascade;
drop index plan_venue;
create index plan_place on seating_plan (venue_id, room);

-- All versions of a plan are for the same room. Asked at the end, when all of them have changed.
create function one_room_per_series() returns trigger language plpgsql as $$
begin
  if exists (select from seating_plan a join seating_plan b on b.series = a.series and b.room is distinct from a.room
              where a.id = new.id) then
    raise exception 'versions of seating plan % are for different rooms', new.id
      using errcode = 'check_violation', constraint = 'one_room_per_series', table = 'seating_plan';
  end if;
  return null;
end $$;
create constraint trigger one_room_per_series after insert or update of room, series on seating_plan
  deferrable initially deferred for each row execute function one_room_per_series();

-- Taken out of the draft once, when it is written: drafts of large halls are megabytes.
alter table seating_plan
  add column background text generated always as (draft -> 'background' ->> 'picture') stored;
create index plan_background on seating_plan (background) where background is not null;
-- Since when nothing shows it, as far as the sweep has seen.
alter table picture add column unused_since timestamptz;
