import type { Sql } from '../db/database.ts';

/** How a mail about a booking fares. */
export interface MailState {
  /** What makes it one and the same mail. */
  key: string;
  /** Its kind: 'confirmation', 'reminder'. */
  letter: string;
  /** Null until somebody has begun to send it. */
  recipient: string | null;
  /** `failed` comes with `why`; `finally` says that it will not be tried again. */
  state: 'queued' | 'sent' | 'failed';
  finally: boolean;
  /** When it was sent, was refused for good, or is due. RFC 3339. */
  at: string;
  attempts: number;
  why: string | null;
}

interface Row {
  key: string;
  recipient: string | null;
  sent_at: Date | null;
  rejected: string | null;
  claimed_at: Date | null;
  due_at: Date | null;
  failures: number | null;
  error: string | null;
}

/** What a mail's row in the outbox is about: the booking, or one of its payments or refunds. */
const ABOUT = `coalesce(o.payload ->> 'bookingId', o.payload ->> 'paymentId', o.payload ->> 'refundId')`;

/**
 * All mails about a booking, the oldest first: those that are to be sent (in the outbox) and those that were (kept for
 * longer than the outbox). Their key is '<letter>:<what it is about>' and, where there can be several, which one.
 */
export async function mailsOf(sql: Sql, bookingId: string): Promise<MailState[]> {
  const { rows } = await sql.query<Row>(
    `with about as materialized (
       select $1::text as id
       union all select id::text from payment where booking_id = $1::uuid
       union all select id::text from refund where booking_id = $1::uuid
     ), asked as (
       select concat_ws(':', substr(o.kind, 6), ${ABOUT}, coalesce(o.payload ->> 'changeId', o.payload ->> 'againId', o.payload ->> 'moveId')) as key,
              o.due_at, o.done_at, o.failures, o.error
         from outbox o where o.kind like 'mail.%' and ${ABOUT} in (select id from about)
     ), begun as (
       select m.* from email_sent m where split_part(m.dedupe_key, ':', 2) in (select id from about)
     )
     select coalesce(a.key, m.dedupe_key) as key, m.recipient, m.sent_at, m.rejected, m.claimed_at, a.due_at, a.failures, a.error
       from begun m full join asked a on a.key = m.dedupe_key
      -- Done without having been begun: there was nothing to say any more.
      where m.dedupe_key is not null or a.done_at is null
      order by coalesce(m.sent_at, m.claimed_at, a.due_at), 1`,
    [bookingId]
  );
  return rows.map(toState);
}

function toState({ key, recipient, sent_at, rejected, claimed_at, due_at, failures, error }: Row): MailState {
  const over = sent_at !== null || rejected !== null;
  const failed = failures ?? 0;
  return {
    ...{ key, letter: key.split(':')[0] ?? key, recipient },
    state: sent_at !== null ? 'sent' : rejected !== null || failed > 0 ? 'failed' : 'queued',
    finally: over,
    at: (sent_at ?? (rejected === null ? (due_at ?? claimed_at) : claimed_at) ?? new Date(0)).toISOString(),
    attempts: failed + (over ? 1 : 0),
    why: sent_at !== null ? null : (rejected ?? error)
  };
}
