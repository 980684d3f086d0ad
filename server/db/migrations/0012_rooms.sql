-- Rooms of venues, and which pictures the drafts of seating plans are drawn over.

-- Taken out of the draft once, when it is written: drafts of large halls are megabytes.
alter table seating_plan
  add column background text generated always as (draft -> 'background' ->> 'picture') stored;
create index plan_background on seating_plan (background) where background is not null;
-- Since when nothing shows it, as far as the sweep has seen.
alter table picture add column unused_since timestamptz;
