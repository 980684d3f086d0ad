select id::text as key, kind, payload, due_at, dispatches
  from outbox
 where kind not like 'mail.%' and kind <> 'webhook.deliver' and done_at is null and due_at < now() - :settling
