import type { JobParts } from './parts.ts';

/** Rows that nobody will ask for again: finished work, and messages of gateways that repeat themselves for days only. */
export async function tidy({ db, log }: Pick<JobParts, 'db' | 'log'>): Promise<void> {
  // Overdue bookings write no second outbox row under the same key, so a key is free for reuse after this.
  const outbox = await db.query(`delete from outbox where done_at < now() - interval '30 days'`);
  const events = await db.query(`delete from webhook_event where received_at < now() - interval '90 days'`);
  // A program that has not asked again for a month has its answer.
  const answers = await db.query(`delete from idempotent_request where made_at < now() - interval '30 days'`);
  log.info({ outbox: outbox.rowCount, webhookEvents: events.rowCount, answers: answers.rowCount }, 'tidied up');
}
