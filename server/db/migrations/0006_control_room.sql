-- The control room: prices that were shown are kept, and what was blocked can be asked for.

-- Goes up when a price or the currency of a show changes. A hold carries the terms it was made at.
alter table show add column terms integer not null default 1 check (terms >= 1);

-- The prices of earlier terms, written down in the transaction that changes them; those of today are in show_tier.
-- Nobody pays more than they were shown: a seat costs the least of its prices since it was held.
create table show_price (
  show_id  text not null,
  terms    integer not null check (terms >= 1),
  tier     text not null,
  price    bigint not null check (price >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (show_id, terms, tier),
  foreign key (show_id, tier) references show_tier (show_id, tier) on delete cascade
);
