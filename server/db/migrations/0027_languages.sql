-- The language somebody chose, and the one a booking was made in: its mails and tickets are in that language, whatever
-- their reader's browser asks for by then. Null: nobody said; English.
alter table app_user add column language text constraint user_language check (language ~ '^[a-z]{2,3}$');
alter table booking add column language text constraint booking_language check (language ~ '^[a-z]{2,3}$');
