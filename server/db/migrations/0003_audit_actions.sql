-- The desk does more than create, update and delete: it blocks seats, pauses sales, gives roles.
alter table audit_log
  drop constraint audit_log_action_check,
  add constraint audit_action check (action ~ '^[a-z][a-z -]{1,39}$');
create index audit_at on audit_log (at desc, id desc);
create index audit_user on audit_log (user_id, id desc);
