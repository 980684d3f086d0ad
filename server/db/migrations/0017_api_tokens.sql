-- Tokens with which programs call the API in their owner's name. Only the SHA-256 of a token is kept: it is 256 random
-- bits, so there is nothing to guess and nothing to slow down.
create table api_token (
  id           text constraint api_token_pkey primary key constraint api_token_id check (id ~ '^[0-9a-z]{12}$'),
  user_id      uuid not null constraint api_token_owner references app_user,
  name         text not null constraint api_token_name check (length(name) between 1 and 80),
  hash         text not null constraint api_token_hash check (hash ~ '^[0-9a-f]{64}$'),
  scopes       text[] not null constraint api_token_scopes check (cardinality(scopes) between 1 and 20),
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  last_used_at timestamptz, -- the hour: nobody needs to know it better, and so it is written once an hour
  revoked_at   timestamptz,
  constraint api_token_expires check (expires_at > created_at)
);
create index api_token_of on api_token (user_id, created_at desc);
