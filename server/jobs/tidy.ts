import type { JobParts } from './parts.ts';

/**
 * Rows that nobody will ask for again: finished work, messages of gateways that repeat themselves for days only,
 * the logs of webhooks, and tokens that are long over.
 */
export async function tidy({ db, log }: Pick<JobParts, 'db' | 'log'>): Promise<void> {
  // Overdue bookings write no second outbox row under the same key, so a key is free for reuse after this.
  const outbox = await db.query(`delete from outbox where done_at < now() - interval '30 days'`);
  const events = await db.query(`delete from webhook_event where received_at < now() - interval '90 days'`);
  const deliveries = await db.query(
    `delete from webhook_delivery where created_at < now() - interval '30 days' and state <> 'WAITING'`
  );
  const tokens = await db.query(
    `delete from api_token where coalesce(revoked_at, expires_at) < now() - interval '90 days'`
  );
  // A program that has not asked again for a month has its answer.
  const answers = await db.query(`delete from idempotent_request where made_at < now() - interval '30 days'`);
  log.info(
    {
      ...{ outbox: outbox.rowCount, webhookEvents: events.rowCount },
      ...{ deliveries: deliveries.rowCount, tokens: tokens.rowCount, answers: answers.rowCount }
    },
    'tidied up'
  );
}
