-- What reports, exports and the desk's lists read.

-- How many people came to a show and began to take seats. Nodes add their counts every few seconds: statistics, not
-- books. A quarter of an hour, because every time zone's days begin at one.
create table show_traffic (
  show_id      text not null references show on delete cascade,
  quarter      timestamptz not null,
  holds        integer not null default 0 check (holds >= 0),
  seats_held   integer not null default 0 check (seats_held >= 0),
  viewers_peak integer not null default 0 check (viewers_peak >= 0),
  primary key (show_id, quarter)
);
create index traffic_quarter on show_traffic (quarter);

-- Whose thing the line is about: organizers see the lines about their own, also when the thing is gone.
alter table audit_log add column organizer_id uuid references app_user;
update audit_log a set organizer_id = coalesce(
  case a.kind
    when 'venue' then (select organizer_id from venue where id = a.thing_id)
    when 'plan' then (select organizer_id from seating_plan where id = a.thing_id)
    when 'event' then (select organizer_id from event where id = a.thing_id)
    when 'show' then (select e.organizer_id from show s join event e on e.id = s.event_id where s.id = a.thing_id)
  end,
  (select u.id from app_user u where u.id = a.user_id and u.role = 'organizer'));
create index audit_organizer on audit_log (organizer_id, id desc);

-- Lists and exports go by when a booking was made, sales by when it was confirmed.
create index booking_made on booking (created_at, id);
create index booking_confirmed on booking (confirmed_at) where confirmed_at is not null;
create index booking_trouble on booking (created_at) where status in ('REFUND_DUE', 'REFUNDED');
-- The mails of a booking: their keys are '<letter>:<id of the booking or payment>'.
create index email_about on email_sent (split_part(dedupe_key, ':', 2));
create index email_rejected on email_sent (claimed_at) where rejected is not null;
create index user_list on app_user (lower(email), id);
create index show_list on show (created_at, id);
