import type { ShowId, UserId } from '#domain/ids.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { release } from '../booking/expiry.ts';
import { faultPoint } from '../booking/fault-points.ts';
import { giveBack, lockBooking, type GivenBack } from '../booking/give-back.ts';
import { withRetry } from '../booking/transactions.ts';
import type { JobParts } from './parts.ts';

const PORTION = 100;

type Parts = Pick<JobParts, 'db' | 'seats' | 'log'>;

const done = <T>(answer: T | Refusal): T => {
  if (isRefusal(answer)) throw new Error(`a cancelled show could not be cleared: ${answer.code}`);
  return answer;
};

/**
 * A cancelled show is cleared: its sale closed on the live map, its holds and unpaid bookings ended, each confirmed
 * booking refunded in a transaction of its own. What is left to do is what Postgres says is left, so after a crash
 * at any instruction the next run goes on; throws, to be run again, when something could not be done.
 */
export async function cancelBookings(parts: Parts, show: ShowId): Promise<void> {
  const { db, seats, log } = parts;
  const found = await db.query<{ reason: string; by: UserId | null }>(
    'select cancel_reason as reason, cancelled_by as by from show where id = $1 and cancelled_at is not null',
    [show]
  );
  const [cancelled] = found.rows;
  if (!cancelled) throw new Error(`show ${show} is not cancelled`);
  done(await seats.setSale(show, 'closed'));

  for await (const id of bookings(parts, show, 'PENDING')) await letGo(parts, id);
  done(await seats.endHolds(show));

  const failed: string[] = [];
  for await (const id of bookings(parts, show, 'CONFIRMED')) {
    try {
      await giveUp(parts, id, {
        seats: null,
        reason: `The show is cancelled: ${cancelled.reason}`.slice(0, 300),
        by: cancelled.by
      });
    } catch (error) {
      // One booking that cannot be refunded now must not keep the others waiting.
      log.error({ err: error, booking: id }, 'could not give back a booking of a cancelled show; trying again');
      failed.push(id);
    }
  }
  if (failed.length > 0) throw new Error(`${failed.length} bookings of show ${show} are still to be given back`);
}

/** Each is walked once; what was done by others meanwhile is found out under its lock. */
async function* bookings({ db }: Parts, show: ShowId, status: 'PENDING' | 'CONFIRMED'): AsyncGenerator<string> {
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await db.query<{ id: string }>(
      `select id from booking where show_id = $1 and status = $2 and id > $3 order by id limit ${PORTION}`,
      [show, status, last]
    );
    for (const { id } of rows) yield id;
    last = rows.at(-1)?.id ?? last;
    if (rows.length < PORTION) return;
  }
}

async function letGo({ db, seats }: Parts, id: string): Promise<void> {
  const [released] = await withRetry(db, async (sql) => {
    const booking = await lockBooking(sql, id, null);
    return booking?.status === 'PENDING' ? release(sql, [id]) : [];
  });
  if (released) await seats.endHold(released.hold_id);
}

async function giveUp(
  { db, seats }: Parts,
  id: string,
  what: { seats: null; reason: string; by: UserId | null }
): Promise<void> {
  const given = await withRetry<GivenBack | null>(db, async (sql) => {
    const booking = await lockBooking(sql, id, null);
    if (booking?.status !== 'CONFIRMED') return null;
    const back = done(await giveBack(sql, booking, what));
    faultPoint('cancel:before-commit');
    return back;
  });
  faultPoint('cancel:after-commit');
  // At once where Redis can be asked; the outbox does it in any case.
  if (given) await seats.free(given.booking.show_id, given.seats, buyerOfUser(given.booking.user_id));
}
