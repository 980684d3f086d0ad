import { QueueEvents } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type outboxKinds } from '../../server/booking/outbox.ts';
import { schedules, work } from '../../server/jobs/handlers.ts';
import { createLog } from '../../server/log.ts';
import type { Config } from '../../server/config.ts';
import { holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { bookInPostgres, makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';
import { openWire } from './wire.ts';

let config: Config;
let smtp: TestSmtp;
let house: House;

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url });
  house = await openHouse(config);
});
afterAll(async () => {
  await house.close();
  await smtp.close();
});

async function paid(from: House) {
  const show = await makeShow(from.db, 10);
  const ada = await makeBuyer(from.db);
  const hold = await holdSeats(from, show.id, ada.buyer, [1, 2]);
  const { booking, payment } = must(await from.booking.checkout(ada, { holdId: hold.id }, 'key'));
  must(await from.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
  return { show, ada, booking };
}

describe('what runs by the clock', () => {
  it('fires once an interval, with three workers', async () => {
    const workers = await Promise.all([1, 2, 3].map(() => openHouse(config)));
    const fired = new Map<string, number>();
    const { hostname, port, password } = new URL(config.queueRedisUrl);
    const events = new QueueEvents('clock', {
      connection: { host: hostname, port: Number(port), password, maxRetriesPerRequest: null },
      prefix: `${config.redisPrefix}bull`
    });
    events.on('completed', ({ jobId }) => fired.set(jobId, (fired.get(jobId) ?? 0) + 1));
    await events.waitUntilReady();
    for (const worker of workers) await worker.jobs.start();
    await new Promise((resolve) => setTimeout(resolve, 8000));
    await events.close();
    await Promise.all(workers.map((worker) => worker.close()));

    const sweeps = [...fired].filter(([id]) => id.startsWith('repeat:expire-bookings:'));
    expect(sweeps.length).toBeGreaterThanOrEqual(2);
    expect(sweeps.length).toBeLessThanOrEqual(4);
    expect(sweeps.every(([, times]) => times === 1)).toBe(true);
    // A second one of the same name would take the place of the first.
    expect(new Set(schedules.map(({ name }) => name)).size).toBe(schedules.length);
  }, 30_000);
});

describe('a job of the clock that takes long', () => {
  it('delays neither what expires nor itself', async () => {
    const own = await openHouse(await makeConfig());
    const show = await makeShow(own.db, 10);
    const locker = await own.db.pool.connect();
    try {
      // What the gateways are asked for refunds of, they are asked after that.
      await locker.query('begin');
      await locker.query('lock table refund in access exclusive mode');
      await own.jobs.start();
      const stuck = async () => {
        const { rows } = await own.db.query<{ count: number }>(
          `select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%from refund%'`
        );
        return rows[0]?.count ?? 0;
      };
      await until('the poller waits', async () => (await stuck()) > 0, 20_000);
      const { bookingId } = await bookInPostgres(own.db, show, [1], 'PENDING');
      await own.db.query('update booking set expires_at = now() where id = $1', [bookingId]);
      const expired = async () => {
        const { rows } = await own.db.query<{ status: string }>('select status from booking where id = $1', [
          bookingId
        ]);
        return rows[0]?.status === 'EXPIRED';
      };
      await until('expired', expired, 8000);
      expect(await stuck()).toBe(1);
    } finally {
      await locker.query('rollback');
      locker.release();
      await own.close();
    }
  }, 40_000);
});

describe('work of the outbox', () => {
  it('done by several workers at once is done once', async () => {
    const workers = await Promise.all([1, 2, 3].map(() => openHouse(config)));
    for (const worker of workers) await worker.jobs.start();
    const bookings = await Promise.all(Array.from({ length: 12 }, () => paid(house)));
    await until('all mails', () => bookings.every(({ ada }) => smtp.to(ada.email).length > 0), 40_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const { ada } of bookings) expect(smtp.to(ada.email)).toHaveLength(1);
    await Promise.all(workers.map((worker) => worker.close()));
  }, 60_000);

  it('changes nothing when every piece of it is done again', async () => {
    const { show, ada, booking } = await paid(house);
    const parts = { ...house, log: createLog('silent', false) };
    const rows = await house.db.query<{ kind: keyof typeof outboxKinds; payload: unknown }>(
      'select kind, payload from outbox'
    );
    for (let round = 0; round < 2; round++) for (const { kind, payload } of rows.rows) await work(parts, kind, payload);
    expect(await stateOf(house, show.id, 1)).toBe('booked');
    expect(smtp.to(ada.email)).toHaveLength(1);
    expect(must(await house.booking.view(booking.id, ada.user.id)).tickets).toHaveLength(2);
  });

  it('waits while the queue’s Redis is away from the start, and a worker can be stopped all the same', async () => {
    const wire = await openWire(config.queueRedisUrl);
    wire.cut();
    const worker = await openHouse({ ...config, queueRedisUrl: wire.url });
    await worker.jobs.start();
    const { ada } = await paid(house);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(smtp.to(ada.email)).toHaveLength(0);
    wire.mend();
    await until('the mail', () => smtp.to(ada.email).length === 1);
    wire.cut();
    const began = Date.now();
    await worker.close();
    expect(Date.now() - began).toBeLessThan(12_000);
    await wire.close();
  }, 40_000);
});
