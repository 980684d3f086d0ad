-- Where organizers want to be told of what happens, and what became of each message.
create table webhook_endpoint (
  id            text constraint webhook_endpoint_pkey primary key
                  constraint webhook_endpoint_id check (id ~ '^[0-9a-z]{12}$'),
  owner_id      uuid not null constraint webhook_endpoint_owner references app_user,
  name          text not null constraint webhook_endpoint_name check (length(name) between 1 and 80),
  url           text not null constraint webhook_endpoint_url check (length(url) between 1 and 2000),
  events        text[] not null constraint webhook_endpoint_events check (cardinality(events) between 1 and 30),
  active        boolean not null default true,
  secret_number integer not null default 1, -- no secret is stored: it is made of SECRET, the id and this number
  rotated_at    timestamptz, -- for a day after it the secret before is good as well
  failing_since timestamptz, -- no message has arrived since
  disabled_at   timestamptz, -- switched off by us, because it failed for so long
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint webhook_endpoint_disabled check (disabled_at is null or not active)
);
create index webhook_endpoint_of on webhook_endpoint (owner_id, created_at desc);

-- One message to one endpoint. Its id is the same over all tries: by it a receiver knows what it has had already.
create table webhook_delivery (
  id          uuid constraint webhook_delivery_pkey primary key default gen_random_uuid(),
  endpoint_id text not null constraint webhook_delivery_endpoint references webhook_endpoint on delete cascade,
  event_key   text not null, -- what happened: told once, however often it is handed over
  type        text not null,
  body        text not null, -- just as it is sent and signed
  state       text not null default 'WAITING'
                constraint webhook_delivery_state check (state in ('WAITING', 'DONE', 'FAILED')),
  attempts    integer not null default 0, -- in all
  tries       integer not null default 0, -- since it was last asked for: how long the next pause is
  next_at     timestamptz,
  tried_at    timestamptz,
  status      integer, -- of the last answer; null: none came
  took_ms     integer,
  answer      text constraint webhook_delivery_answer check (octet_length(answer) <= 4096), -- how it began: 1 kB as sent
  error       text constraint webhook_delivery_error check (length(error) <= 300),
  created_at  timestamptz not null default now(),
  constraint one_delivery_per_event unique (endpoint_id, event_key),
  constraint webhook_delivery_next check ((state = 'WAITING') = (next_at is not null))
);
create index webhook_delivery_of on webhook_delivery (endpoint_id, created_at desc, id desc);
create index webhook_delivery_at on webhook_delivery (created_at);
