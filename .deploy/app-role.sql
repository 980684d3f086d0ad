-- The user that the service and its worker come as: it reads and writes rows, and cannot change the schema.
-- Run by the schema's owner, in the database, after `npm run migrate` and again whenever; then give the user a password:
--   alter role fullhouse_app login password '…';
-- New versions: `npm run migrate` as the owner first, then start them with DATABASE_URL of this user.
do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'fullhouse_app') then
    create role fullhouse_app nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
  end if;
end $$;

revoke create on schema public from public;
grant usage on schema public to fullhouse_app;
grant select, insert, update, delete on all tables in schema public to fullhouse_app;
grant usage, select on all sequences in schema public to fullhouse_app;
-- What the owner makes later, by migrations and by the functions below.
alter default privileges in schema public grant select, insert, update, delete on tables to fullhouse_app;
alter default privileges in schema public grant usage, select on sequences to fullhouse_app;

-- Which migrations were done is the owner's to say, and what was written down of changes is never altered.
revoke insert, update, delete on migration from fullhouse_app;
revoke update, delete on audit_log from fullhouse_app;

-- The months of the seat log are made and dropped by the owner, when the service asks.
grant execute on function make_seat_event_month, drop_seat_event_months to fullhouse_app;

-- Rehearsals make a schema of their own each. Whoever wants them allows just that; without it they fail and say so:
--   grant create on database fullhouse to fullhouse_app;
