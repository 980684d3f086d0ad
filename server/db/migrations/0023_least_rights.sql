-- The service needs no right to change the schema: it comes and goes by a user of its own (.deploy/app-role.sql), and the
-- one thing that it makes while it runs, the months of the seat log, it asks the owner for by these two functions. They name
-- the schema of every table: nobody can put a table of their own session in the place of ours, and their triggers with it.

-- The partition of the month that begins at `first`: made, and filled with what had fallen beside it. Answers how many rows
-- moved, null where it was there already.
create function make_seat_event_month(first timestamptz) returns bigint
  language plpgsql security definer set search_path from current as $$
declare
  home constant text := current_schema();
  month constant timestamptz := date_trunc('month', first, 'UTC');
  after constant timestamptz := date_trunc('month', month + interval '32 days', 'UTC');
  name constant text := 'seat_event_' || to_char(month at time zone 'UTC', 'YYYY_MM');
  moved bigint;
begin
  if to_regclass(format('%I.%I', home, name)) is not null then return null; end if;
  execute format('create table %1$I.%2$I (like %1$I.seat_event including defaults including constraints)', home, name);
  execute format(
    'with moved as (delete from %1$I.seat_event_rest where at >= $1 and at < $2 returning *)
     insert into %1$I.%2$I select * from moved', home, name) using month, after;
  get diagnostics moved = row_count;
  execute format('alter table %1$I.seat_event attach partition %1$I.%2$I for values from (%3$L) to (%4$L)',
    home, name, month, after);
  return moved;
end $$;

-- Drops the months that end before the one in which `kept_from` lies, and names them.
create function drop_seat_event_months(kept_from timestamptz) returns setof text
  language plpgsql security definer set search_path from current as $$
declare
  home constant text := current_schema();
  first_kept constant text := 'seat_event_' || to_char(kept_from at time zone 'UTC', 'YYYY_MM');
  name text;
begin
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = to_regclass(format('%I.seat_event', home)) and c.relname ~ '^seat_event_[0-9]{4}_[0-9]{2}$'
       and c.relname < first_kept
  loop
    execute format('drop table %I.%I', home, name);
    return next name;
  end loop;
end $$;

-- Functions are everybody's until somebody says otherwise.
revoke execute on function make_seat_event_month, drop_seat_event_months from public;
