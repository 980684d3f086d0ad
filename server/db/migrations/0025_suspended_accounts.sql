-- An account that an admin has suspended: nobody comes in with it until it is let in again; what it bought and sells stays.
alter table app_user add column suspended_at timestamptz;
