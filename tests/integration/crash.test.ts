import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import type { Config } from '../../server/config.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createLog } from '../../server/log.ts';
import { environmentOf } from './crash-environment.ts';
import { makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/**
 * A real process is killed with SIGKILL at each step between the click on "pay" and the mail. Then another process
 * starts on the same databases, the buyer's browser repeats its request, and everything must be done once.
 */
const CHILD = join(import.meta.dirname, 'crash-child.ts');
const SEATS = [4, 5];

let config: Config;
let smtp: TestSmtp;
let db: Database;
let show: MadeShow;
let ada: Buyer & { email: string };
let house: House | undefined;

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url, PAYMENT_TTL_MS: '60000' });
  db = openDatabase(config.databaseUrl, createLog('silent', false));
});
afterAll(async () => {
  await db.close();
  await smtp.close();
});
beforeEach(async () => {
  show = await makeShow(db, 10);
  ada = await makeBuyer(db);
});
afterEach(async () => {
  await house?.close();
  house = undefined;
});

/** Sends a process on its errand and waits for its death; answers the hold it had. */
async function dieAt(
  point: FaultPoint,
  outcome: 'success' | 'decline' | 'none' = 'success',
  ttlMs?: number
): Promise<string> {
  const errand = { point, show: show.id, user: ada.user.id, seats: SEATS, key: 'one key', outcome };
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(errand)], {
    env: {
      PATH: process.env['PATH'],
      ...environmentOf(ttlMs === undefined ? config : { ...config, paymentTtlMs: ttlMs })
    },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const giveUp = setTimeout(() => child.kill('SIGTERM'), 20_000);
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
  clearTimeout(giveUp);
  const hold = /"hold":"([^"]+)"/.exec(output)?.[1];
  if (signal !== 'SIGKILL' || hold === undefined)
    throw new Error(`the process never came to ${point} (${signal}):\n${output}\n${errors}`);
  return hold;
}

/** Another process on the same databases. A claim that the dead one left on a mail is taken over after 2 seconds. */
async function restart(): Promise<House> {
  house = await openHouse(config, { resendAfterMs: 2000 });
  await house.jobs.start();
  return house;
}

/** After the restart: the buyer repeats the checkout, and pays where that is still to be done. */
async function comeBack(hold: string): Promise<{ bookingId: string; again: House }> {
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

async function expectAllDoneOnce(bookingId: string, again: House, mailsAtMost: number): Promise<void> {
  await until('the mail', () => smtp.to(ada.email).length > 0);
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
  it.each(points)(
    'at %s has lost nothing and done nothing twice',
    async (point, mailsAtMost) => {
      const hold = await dieAt(point);
      const { bookingId, again } = await comeBack(hold);
      await expectAllDoneOnce(bookingId, again, mailsAtMost);
    },
    60_000
  );
});

describe('a process killed and a buyer who never comes back', () => {
  it('after the payment: the tickets are sent all the same', async () => {
    await dieAt('payment:after-decision');
    const again = await restart();
    // The poller, which the clock starts every 15 seconds.
    await until('the poller', async () => (await again.payments.pollPending()) > 0);
    const found = await db.query<{ id: string }>('select id from booking where user_id = $1', [ada.user.id]);
    await expectAllDoneOnce(found.rows[0]?.id ?? '', again, 1);
  }, 60_000);

  it.each(['checkout:after-commit', 'checkout:after-gateway', 'expire:after-commit'] as const)(
    'at %s before paying: the booking ends and its seats are on sale again',
    async (point) => {
      await dieAt(point, 'none', 1500);
      const again = await restart();
      await until('expired', async () => {
        const left = await db.query(`select 1 from booking where user_id = $1 and status <> 'EXPIRED'`, [ada.user.id]);
        return left.rowCount === 0;
      });
      await until('available', async () => (await stateOf(again, show.id, SEATS[0] ?? 0)) === 'available', 30_000);
      expect(smtp.to(ada.email)).toEqual([]);
    },
    60_000
  );

  it('at checkout:after-lease: the lease runs out like any hold', async () => {
    const hold = await dieAt('checkout:after-lease', 'none');
    house = await openHouse(config);
    const leased = must(await house.seats.holdById(hold, ada.buyer));
    expect(leased.phase).toBe('paying');
    // Nothing is booked; the lease's own deadline (time to pay and a minute) ends it, as the seat engine's tests show.
    expect((await db.query('select 1 from booking where user_id = $1', [ada.user.id])).rowCount).toBe(0);
    must(await house.seats.endHold(hold));
    expect(await stateOf(house, show.id, SEATS[0] ?? 0)).toBe('available');
  }, 60_000);
});

describe('a declined payment and a killed process', () => {
  it.each(['payment:after-commit', 'mail:after-claim'] as const)(
    'at %s: one mail says so, and the seats are still the buyer’s',
    async (point) => {
      await dieAt(point, 'decline');
      const again = await restart();
      const mail = await until('the mail', () => smtp.to(ada.email)[0]);
      expect(mail.subject).toContain('did not go through');
      const found = await db.query(
        'select b.status, p.status as payment from booking b join payment p on p.booking_id = b.id where b.user_id = $1',
        [ada.user.id]
      );
      expect(found.rows).toEqual([{ status: 'PENDING', payment: 'FAILED' }]);
      expect(await stateOf(again, show.id, SEATS[0] ?? 0)).toBe('held');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(smtp.to(ada.email)).toHaveLength(1);
    },
    60_000
  );
});
