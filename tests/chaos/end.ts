import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '../../server/child.ts';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { FOLLOWS_WITHIN_MS } from './checks/aftermath.ts';
import type { Evidence, FollowUp, StoredBooking } from './evidence.ts';
import type { Stack } from './stack.ts';
import { openLooker, serverMap } from './watch.ts';
import type { WorkloadApi } from './workload/process.ts';

/** What is to be seen when all is over. */
type AtTheEnd = Pick<Evidence, 'bookings' | 'mails' | 'slow' | 'left' | 'rest' | 'endAt'>;

/** The last booking's time to pay, and what then follows; what is late by then, the checker says (`endsInTime`). */
const SETTLES_WITHIN_MS = 150_000;
const AT_REST_WITHIN_MS = 15_000;

export async function lookAtTheEnd(stack: Stack, workload: Child<WorkloadApi>): Promise<AtTheEnd> {
  const left = await settled(stack);
  const rest = await atRest(stack, workload);
  const bookings = await stack.db.query<StoredBooking>(
    `select b.id, b.hold_id as hold, b.status, b.total, b.confirmed_at is not null as confirmed,
            array(select seat_index from booking_seat where booking_id = b.id order by 1) as seats
       from booking b`
  );
  const [mails, slow] = [await mailsOf(stack), await slowOnes(stack)];
  return { left, rest, bookings: bookings.rows, mails, slow, endAt: wallClock() };
}

/** What took longer, from when it was due, than it may where no fault is in its way. */
async function slowOnes({ db }: Stack): Promise<FollowUp[]> {
  const { rows } = await db.query<FollowUp>(
    `select id, kind, extract(epoch from due_at)::float8 * 1000 as due, extract(epoch from done_at)::float8 * 1000 as done
       from (select 'outbox ' || id as id, kind, due_at, done_at from outbox
             union all
             select 'payment ' || p.id, 'payment', g.decided_at, p.settled_at
               from payment p join sandbox_payment g on g.payment_id = p.id and g.status = 'succeeded') work
      where coalesce(done_at, now()) > due_at + make_interval(secs => $1)`,
    [FOLLOWS_WITHIN_MS / 1000]
  );
  return rows;
}

/** How much is still open when nobody waits any longer. */
async function settled({ db }: Stack): Promise<number> {
  for (const end = performance.now() + SETTLES_WITHIN_MS; ; await pause(500)) {
    const open = await db
      .query<{ count: number }>(
        `select (select count(*) from outbox where done_at is null and due_at <= now())
              + (select count(*) from booking where status = 'PENDING')
              + (select count(*) from payment p join sandbox_payment g on g.payment_id = p.id
                  where p.status = 'PENDING' and g.status = 'succeeded') as count`
      )
      .catch(() => null);
    const count = open?.rows[0]?.count ?? 1;
    if (count === 0 || performance.now() > end) return count;
  }
}

/** The clients' maps once they are the server's; as they are when they do not become so. */
async function atRest(stack: Stack, workload: Child<WorkloadApi>): Promise<Evidence['rest']> {
  const redis = openLooker(stack);
  try {
    for (const end = performance.now() + AT_REST_WITHIN_MS; ; await pause(500)) {
      const server = await serverMap(stack, redis).catch(() => null);
      const clients = await workload.ask('maps', undefined);
      const same = server !== null && clients.every(({ hash }) => hash === server.hash);
      if (same || performance.now() > end) return { server: server?.hash ?? null, clients };
    }
  } finally {
    redis.disconnect();
  }
}

async function mailsOf({ db, smtp }: Stack): Promise<Evidence['mails']> {
  const accepted = new Map<string, number[]>();
  for (const { messageId = '', at } of smtp.mails) accepted.set(messageId, [...(accepted.get(messageId) ?? []), at]);
  const { rows } = await db.query<{ booking: string; message: string | null }>(
    `select b.id as booking, m.message_id as message
       from booking b left join email_sent m on m.dedupe_key = 'confirmation:' || b.id::text
      where b.status = 'CONFIRMED'`
  );
  return rows.map(({ booking, message }) => ({ booking, accepted: accepted.get(message ?? '') ?? [] }));
}
