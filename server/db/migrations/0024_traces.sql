-- The trace that work belongs to (W3C Trace Context), from the click to what a worker does minutes later.
alter table outbox
  add column traceparent text constraint outbox_traceparent check (length(traceparent) = 55);
