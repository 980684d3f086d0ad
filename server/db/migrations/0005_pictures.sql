-- Pictures that organizers have uploaded. The files are in the storage (DATA_DIR or S3), named by id and size.
create table picture (
  id           text primary key check (id ~ '^[0-9a-z]{24}$'), -- random: a link to it cannot be guessed
  organizer_id uuid not null references app_user,
  use          text not null check (use in ('banner', 'background')),
  -- Pixels of the largest file; each size is at most that many pixels wide and never larger than the original.
  width        integer not null check (width between 1 and 1600),
  height       integer not null check (height between 1 and 16000),
  sizes        integer[] not null check (cardinality(sizes) between 1 and 3),
  created_at   timestamptz not null default now(),
  stored_at    timestamptz -- null until all files are there
);
create index picture_organizer on picture (organizer_id) where use = 'background';
create index picture_created on picture (created_at);

-- `banner` stays for the drawings that come with the demo's programme; an event has one or the other.
alter table event
  add column banner_picture_id text unique references picture,
  add column banner_alt text not null default '' check (length(banner_alt) <= 300),
  add constraint event_one_banner check (banner is null or banner_picture_id is null);
