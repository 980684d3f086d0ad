import { isRefusal } from '#domain/refusal.ts';
import type { Booking } from '../booking/booking.ts';
import type { HoldId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import type { Seats } from '../seats/seats.ts';
import { inSpan, traceparent } from './spans.ts';

/** From one request of a sale to the next: a hold remembers the click that made it, and a payment the checkout. */
interface HoldTraces {
  remember(hold: HoldId): void;
  of(hold: HoldId): Promise<string | null>;
}

/** As long (ms) as a hold can be extended to, and pay. */
const REMEMBERED_MS = 3_600_000;

export function createHoldTraces(redis: RedisClient, keys: Keys): HoldTraces {
  return {
    remember(hold) {
      const now = traceparent();
      // A trace that breaks off is no harm: nobody waits for it.
      if (now) void redis.set(keys.trace(hold), now, 'PX', REMEMBERED_MS).catch(() => undefined);
    },
    of: (hold) => redis.get(keys.trace(hold)).catch(() => null)
  };
}

export function traceHolds(seats: Seats, traces: HoldTraces): Seats {
  return {
    ...seats,
    async hold(...asked) {
      const hold = await inSpan('hold seats', () => seats.hold(...asked), { insideOnly: true });
      if (!isRefusal(hold)) traces.remember(hold.id);
      return hold;
    },
    async best(...asked) {
      const hold = await inSpan('hold best seats', () => seats.best(...asked), { insideOnly: true });
      if (!isRefusal(hold)) traces.remember(hold.id);
      return hold;
    }
  };
}

export const traceCheckouts = (booking: Booking, traces: HoldTraces): Booking => ({
  ...booking,
  async checkout(who, input, key) {
    const parent = await traces.of(input.holdId);
    return inSpan('checkout', () => booking.checkout(who, input, key), { parent });
  }
});

/** The checkout that this payment is for: its outbox has the trace since then, whoever brings the gateway's word. */
export async function traceOfPayment(db: Sql, paymentId: string): Promise<string | null> {
  const { rows } = await db.query<{ traceparent: string | null }>(
    `select o.traceparent from payment p join outbox o on o.dedupe_key = 'booking.expire:' || p.booking_id
      where p.id = $1`,
    [paymentId]
  );
  return rows[0]?.traceparent ?? null;
}
