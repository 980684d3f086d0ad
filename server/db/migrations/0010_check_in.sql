-- The door: who may let people in, the code that can be typed, and what happened at the gates.

-- An organizer appoints people for all of their shows. Whoever is named here may check tickets there, whatever
-- else they are; admins may everywhere, organizers at their own shows.
create table staff_member (
  organizer_id uuid not null references app_user on delete cascade,
  user_id      uuid not null references app_user on delete cascade,
  created_at   timestamptz not null default now(),
  primary key (organizer_id, user_id),
  constraint staff_is_somebody_else check (organizer_id <> user_id)
);
create index staff_of on staff_member (user_id);

-- 9 letters of Crockford's alphabet (no I, L, O, U), 45 random bits from Postgres' strong source; bytes 6 and 8 of a
-- version 4 uuid hold its version and variant and are left out. It says nothing of the ticket and follows from nothing.
create function ticket_short_code() returns text language sql volatile as $$
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (get_byte(r.bytes, n) & 31) + 1, 1), '' order by n)
    from (select uuid_send(gen_random_uuid()) as bytes) r,
         unnest(array[0, 1, 2, 3, 4, 5, 9, 10, 11]) as n
$$;

alter table ticket
  add column short_code    text not null default ticket_short_code(),
  add column checked_in_by uuid references app_user,
  add column gate          text check (length(gate) between 1 and 40),
  add constraint ticket_short_code check (short_code ~ '^[0-9A-HJKMNP-TV-Z]{9}$'),
  add constraint ticket_let_in_by check (checked_in_by is null or checked_in_at is not null);
-- Two alike at one show are never made: the second is refused, and its booking is confirmed again with other codes.
create unique index one_short_code_per_show on ticket (show_id, short_code);

-- What happened to a ticket at the gates. Never changed afterwards.
create table check_in (
  id        bigint generated always as identity primary key,
  ticket_id uuid not null references ticket,
  at        timestamptz not null default now(), -- of the gate: what was let in without a network comes later
  logged_at timestamptz not null default now(),
  by_user   uuid not null references app_user,
  gate      text,
  result    text not null check (result in ('admitted', 'already used', 'bad ticket', 'undone')),
  attempt   uuid -- the gate's own name for it: an answer that was lost is told from a second person
);
create index check_in_ticket on check_in (ticket_id, id);

-- A gate without a network takes the list of its show along, page by page.
drop index ticket_show;
create index ticket_show on ticket (show_id, id);
