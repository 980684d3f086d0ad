-- What people do with their own account: links by mail, the places they are signed in at, and leaving.

-- The link in the mail is this id and its signature, so that whoever reads this table can use none of them.
create table account_link (
  id         uuid primary key,
  user_id    uuid not null references app_user on delete cascade,
  purpose    text not null check (purpose in ('password', 'email')),
  email      text check (length(email) <= 254), -- the address to change to
  old_email  text,                              -- the one it was before, once the link was used
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz,
  check ((purpose = 'email') = (email is not null))
);
create index account_link_user on account_link (user_id);

alter table user_session add column agent text not null default '' check (length(agent) <= 300);

-- The books are kept, the person in them is not.
alter table app_user add column deleted_at timestamptz;
