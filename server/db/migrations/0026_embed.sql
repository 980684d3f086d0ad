-- The sites that may show the seat maps of an organizer's shows on their pages; an admin's may show everybody's.
create table embed_site (
  id         text constraint embed_site_pkey primary key
               constraint embed_site_id check (id ~ '^[0-9a-z]{12}$'),
  owner_id   uuid not null constraint embed_site_owner references app_user,
  -- It is written into a header as it is: nothing that could end there what it stands in.
  origin     text not null constraint embed_site_origin
               check (length(origin) <= 200 and origin ~ '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$'),
  created_at timestamptz not null default now(),
  constraint one_embed_site_per_origin unique (owner_id, origin)
);
