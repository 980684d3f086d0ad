-- What a request that moves money was answered under its caller's Idempotency-Key: sent again, it gets the same answer.
-- Until there is an answer somebody is at work on it; should that process die, another one takes over when the lease is out.
create table idempotent_request (
  caller       text not null constraint idempotent_request_caller check (length(caller) between 1 and 100),
  key          text not null constraint idempotent_request_key check (length(key) between 1 and 200),
  request_hash text not null,
  lease        uuid not null,
  leased_until timestamptz not null,
  status       integer,
  content_type text,
  body         text,
  made_at      timestamptz not null default now(),
  constraint one_request_per_key primary key (caller, key),
  constraint idempotent_request_answered check ((status is null) = (body is null))
);
create index idempotent_request_by_age on idempotent_request (made_at);
