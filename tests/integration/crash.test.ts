import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import { openDatabase } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { makeBuyer, must, openHouse, stateOf, until, type House, type HouseOptions } from './house.ts';
import { dies, takePlace } from './killed.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/**
 * A real process is killed with SIGKILL at each step between the click on "pay" and the mail. Then another process
 * starts on the same databases, the buyer's browser repeats its request, and everything must be done once.
 */
const SEATS = [4, 5];

let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.close());

/** A database of its own for each case, so that they run side by side. */
async function stage(onTestFinished: TestContext['onTestFinished']) {
  await takePlace(onTestFinished);
  const config = await makeConfig({ SMTP_URL: smtp.url, PAYMENT_TTL_MS: '60000' });
  const db = openDatabase(config.databaseUrl, createLog('silent', false));
  onTestFinished(() => db.close());
  const show = await makeShow(db, 10);
  const ada = await makeBuyer(db);
  const open = async (options: HouseOptions = {}) => {
    const house = await openHouse(config, options);
    onTestFinished(() => house.close());
    return house;
  };
  return {
    ...{ config, db, show, ada, open },

    /** Sends a process on its errand and waits for its death; answers the hold it had. */
    async dieAt(point: FaultPoint, outcome: 'success' | 'decline' | 'none' = 'success', ttlMs = config.paymentTtlMs) {
      const errand = { point, show: show.id, user: ada.user.id, seats: SEATS, key: 'one key', outcome };
      const output = await dies({ ...config, paymentTtlMs: ttlMs }, 'crash-child.ts', errand);
      const hold = /"hold":"([^"]+)"/.exec(output)?.[1];
      if (hold === undefined) throw new Error(`it died before it held anything:\n${output}`);
      return hold;
    },

    /** Another process on the same databases. A claim that the dead one left on a mail is taken over after 8 seconds: sending takes some. */
    async restart(): Promise<House> {
      const house = await open({ resendAfterMs: 8000 });
      await house.jobs.start();
      return house;
    }
  };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** After the restart: the buyer repeats the checkout, and pays where that is still to be done. */
async function comeBack({ restart, ada }: Stage, hold: string): Promise<{ bookingId: string; again: House }> {
  const again = await restart();
  const { booking } = must(await again.booking.checkout(ada, { holdId: hold }, 'one key'));
  await again.payments.pollPending();
  const { payment } = must(await again.booking.view(booking.id, ada.user.id));
  if (payment?.status === 'PENDING') {
    expect(payment.redirectUrl).toBe(`/pay/${payment.id}`);
    must(await again.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
  }
  return { bookingId: booking.id, again };
}

async function expectAllDoneOnce(on: Stage, bookingId: string, again: House, mailsAtMost: number): Promise<void> {
  const { ada, db, show, config } = on;
  // Several cases share the machine.
  await until('the mail', () => smtp.to(ada.email).length > 0, 40_000);
  await until('booked on the map', async () => (await stateOf(again, show.id, SEATS[0] ?? 0)) === 'booked');
  await until('all work of the outbox', async () => {
    const left = await db.query(`select 1 from outbox where done_at is null and due_at <= now()`);
    return left.rowCount === 0;
  });
  const { rows } = await db.query(
    `select (select count(*) from booking where user_id = $1) as bookings,
            (select status from booking where id = $2) as status,
            (select array_agg(seat_index order by seat_index) from booking_seat where booking_id = $2 and live) as seats,
            (select array_agg(seat_index order by seat_index) from ticket where booking_id = $2) as tickets,
            (select count(*) from payment where booking_id = $2) as payments,
            (select count(*) from payment where booking_id = $2 and status = 'SUCCESS') as paid,
            (select sum(amount)::int from payment where booking_id = $2 and status = 'SUCCESS') as money,
            (select total from booking where id = $2) as total,
            (select count(*) from email_sent where dedupe_key = 'confirmation:' || $2::text and sent_at is not null) as sent`,
    [ada.user.id, bookingId]
  );
  expect(rows[0]).toEqual({
    ...{
      bookings: 1,
      status: 'CONFIRMED',
      seats: SEATS,
      tickets: SEATS,
      payments: 1,
      paid: 1,
      money: 5000,
      total: 5000,
      sent: 1
    }
  });
  for (const seat of SEATS) expect(await stateOf(again, show.id, seat)).toBe('booked');
  const mails = smtp.to(ada.email);
  expect(mails.length).toBeLessThanOrEqual(mailsAtMost);
  expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
  const queued = await again.redis.commands.zcard(`${config.redisPrefix}bull:mails:failed`);
  expect(queued).toBe(0);
}

describe('a process killed on the way to the tickets', () => {
  const points: [FaultPoint, number][] = [
    ['checkout:after-lease', 1],
    ['checkout:before-commit', 1],
    ['checkout:after-commit', 1],
    ['gateway:after-create', 1],
    ['checkout:after-gateway', 1],
    ['payment:after-decision', 1],
    ['payment:before-commit', 1],
    ['payment:after-commit', 1],
    // From here on the process may be sending the mail at the instant of its death: the server has it, and nobody could
    // write that down. Then there is a second copy, under the same Message-ID.
    ['relay:after-add', 2],
    ['relay:after-dispatch', 2],
    ['seats:after-sync', 2],
    ['mail:after-claim', 1],
    ['mail:after-send', 2]
  ];
  it.concurrent.for(points)(
    'at %s has lost nothing and done nothing twice',
    { timeout: 180_000 },
    async ([point, mailsAtMost], { onTestFinished }) => {
      const on = await stage(onTestFinished);
      const hold = await on.dieAt(point);
      const { bookingId, again } = await comeBack(on, hold);
      await expectAllDoneOnce(on, bookingId, again, mailsAtMost);
    }
  );
});

describe('a process killed and a buyer who never comes back', () => {
  it.concurrent(
    'after the payment: the tickets are sent all the same',
    { timeout: 180_000 },
    async ({ onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt('payment:after-decision');
      const again = await on.restart();
      // The poller, which the clock starts every 15 seconds.
      await until('the poller', async () => {
        await again.payments.pollPending();
        const paid = await on.db.query(`select 1 from booking where status = 'CONFIRMED'`);
        return paid.rowCount === 1;
      });
      const found = await on.db.query<{ id: string }>('select id from booking where user_id = $1', [on.ada.user.id]);
      await expectAllDoneOnce(on, found.rows[0]?.id ?? '', again, 1);
    }
  );

  it.concurrent.for(['checkout:after-commit', 'checkout:after-gateway', 'expire:after-commit'] as const)(
    'at %s before paying: the booking ends and its seats are on sale again',
    { timeout: 180_000 },
    async (point, { onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt(point, 'none', 1500);
      const again = await on.restart();
      await until('expired', async () => {
        const { rows } = await on.db.query<{ status: string }>('select status from booking where user_id = $1', [
          on.ada.user.id
        ]);
        return rows.map(({ status }) => status).join() === 'EXPIRED';
      });
      await until('available', async () => (await stateOf(again, on.show.id, SEATS[0] ?? 0)) === 'available');
      expect(smtp.to(on.ada.email)).toEqual([]);
    }
  );

  it.concurrent(
    'at checkout:after-lease: the lease runs out like any hold',
    { timeout: 180_000 },
    async ({ onTestFinished }) => {
      const on = await stage(onTestFinished);
      const hold = await on.dieAt('checkout:after-lease', 'none');
      const house = await on.open();
      const leased = must(await house.seats.holdById(hold, on.ada.buyer));
      expect(leased.phase).toBe('paying');
      // Nothing is booked; the lease's own deadline (time to pay and a minute) ends it, as the seat engine's tests show.
      expect((await on.db.query('select 1 from booking where user_id = $1', [on.ada.user.id])).rowCount).toBe(0);
      must(await house.seats.endHold(hold));
      expect(await stateOf(house, on.show.id, SEATS[0] ?? 0)).toBe('available');
    }
  );
});

describe('a declined payment and a killed process', () => {
  it.concurrent.for(['payment:after-commit', 'mail:after-claim'] as const)(
    'at %s: one mail says so, and the seats are still the buyer’s',
    { timeout: 180_000 },
    async (point, { onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt(point, 'decline');
      const again = await on.restart();
      const mail = await until('the mail', () => smtp.to(on.ada.email)[0]);
      expect(mail.subject).toContain('did not go through');
      const found = await on.db.query(
        'select b.status, p.status as payment from booking b join payment p on p.booking_id = b.id where b.user_id = $1',
        [on.ada.user.id]
      );
      expect(found.rows).toEqual([{ status: 'PENDING', payment: 'FAILED' }]);
      expect(await stateOf(again, on.show.id, SEATS[0] ?? 0)).toBe('held');
      await until('all work of the outbox', async () => {
        const left = await on.db.query('select 1 from outbox where done_at is null and due_at <= now()');
        return left.rowCount === 0;
      });
      expect(smtp.to(on.ada.email)).toHaveLength(1);
    }
  );
});
