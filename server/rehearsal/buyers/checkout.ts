import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Hold, SandboxOutcome } from '#domain/protocol.ts';
import { wallClock } from './frames.ts';
import type { Account, World } from './world.ts';

/** From a guest's hold to a booking that is paid for, over HTTP, as the pages do it. */
const made = z.object({
  booking: z.object({ id: z.string(), seats: z.array(z.number()), total: z.number(), expiresAt: z.string() }),
  payment: z.object({ id: z.string() })
});
const accepted = z.object({ accepted: z.literal(true) });
const booked = z.object({
  booking: z.object({ status: z.string(), seats: z.array(z.number()), total: z.number() })
});

/** The message of the gateway has come by then, or the poller has asked. */
const CONFIRMED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;
const GIVEN_BACK = new Set(['REFUND_DUE', 'REFUNDED']);

/** Answers whether a booking was made. `twice`: everything is sent two times at once, and must be done once. */
export async function checkout(
  world: World,
  buyerToken: string,
  hold: Hold,
  outcome: SandboxOutcome,
  twice = false
): Promise<boolean> {
  const account = world.accounts.borrow(hold.seats.length);
  if (!account) {
    world.tally.count('bookings without an account');
    return false;
  }
  const done = await buy(world, account, buyerToken, hold, outcome, twice).catch((error: unknown) => {
    world.tally.error('checkout', String(error));
    return false;
  });
  if (done) account.seats += hold.seats.length;
  // After a "no" the hold is the account's, and would be in the way of the next one.
  world.accounts.giveBack(account, !done);
  return done;
}

async function buy(
  { http, tally, acknowledged }: World,
  { token }: Account,
  buyer: string,
  hold: Hold,
  outcome: SandboxOutcome,
  twice: boolean
): Promise<boolean> {
  const key = randomUUID();
  const order = () => http.call('book', 'POST /bookings', made, { token, buyer, key, body: { holdId: hold.id } });
  const [first, second] = await Promise.all(twice ? [order(), order()] : [order()]);
  const answer = first ?? second;
  if (!answer) return false;
  if (first && second && first.booking.id !== second.booking.id)
    tally.error('one request made two bookings', `${first.booking.id} and ${second.booking.id}`);
  const { booking, payment } = answer;
  const ack = { booking: booking.id, hold: hold.id, seats: booking.seats, total: booking.total };
  acknowledged({ what: 'pending', ...ack, expires: Date.parse(booking.expiresAt) });
  tally.count('bookings');
  tally.count('seats booked', booking.seats.length);
  const sent = performance.now();
  const paid = await http.call('pay', `POST /payments/${payment.id}/sandbox`, accepted, { token, body: { outcome } });
  if (!paid || outcome === 'late') return true;
  // Decided at the gateway when the time to pay was over: the seats may be somebody else's.
  const tooLate = wallClock() > Date.parse(booking.expiresAt);
  for (const end = sent + CONFIRMED_WITHIN_MS; performance.now() < end; await pause(LOOK_EVERY_MS)) {
    const now = await http.call('look', `GET /bookings/${booking.id}`, booked, { token });
    if (now && tooLate && GIVEN_BACK.has(now.booking.status)) {
      tally.count('paid too late, and got the money back');
      return true;
    }
    if (now?.booking.status !== 'CONFIRMED') continue;
    acknowledged({
      ...{ what: 'confirmed', ...ack, seats: now.booking.seats, total: now.booking.total },
      seen: wallClock()
    });
    tally.count('confirmed');
    tally.time('paid to confirmed', performance.now() - sent);
    return true;
  }
  tally.error('paid and not confirmed', booking.id);
  return true;
}
