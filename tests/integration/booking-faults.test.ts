import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { armFaultPoint, disarmFaultPoints } from '../../server/booking/fault-points.ts';
import { schedules as everySchedule } from '../../server/jobs/handlers.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';
import { openWire, type Wire } from './wire.ts';

/** Checkout while Postgres, the connection to it, or the gateway fails. */
let house: House;
let postgres: Wire;
let queueRedis: Wire;
let smtp: TestSmtp;

beforeAll(async () => {
  smtp = await startSmtp();
  const config = await makeConfig({ SMTP_URL: smtp.url });
  postgres = await openWire(config.databaseUrl);
  queueRedis = await openWire(config.queueRedisUrl);
  house = await openHouse({ ...config, databaseUrl: postgres.url, queueRedisUrl: queueRedis.url });
  await house.jobs.start();
});
afterAll(async () => {
  await house.close();
  await Promise.all([postgres.close(), queueRedis.close(), smtp.close()]);
});
afterEach(() => {
  disarmFaultPoints();
  postgres.mend();
  queueRedis.mend();
});

async function ready() {
  const show = await makeShow(house.db, 10);
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, [1, 2]);
  return { show, ada, hold };
}
const bookingsOf = async (user: string) =>
  (await house.db.query<{ id: string; status: string }>('select id, status from booking where user_id = $1', [user]))
    .rows;

describe('Postgres is away', () => {
  it('before a checkout: it answers BUSY, the hold stays the buyer’s, and the same request succeeds later', async () => {
    const { show, ada, hold } = await ready();
    postgres.cut();
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))).toBe('BUSY');
    expect(await house.seats.ownHold(show.id, ada.buyer)).toMatchObject({ phase: 'selecting', seats: [1, 2] });
    postgres.mend();
    expect(must(await house.booking.checkout(ada, { holdId: hold.id }, 'key')).booking.status).toBe('PENDING');
  });

  it('in the middle of a checkout: nothing was booked, the lease is given back', async () => {
    const { show, ada, hold } = await ready();
    armFaultPoint('checkout:after-lease', () => postgres.cut());
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))).toBe('BUSY');
    expect(await house.seats.ownHold(show.id, ada.buyer)).toMatchObject({ phase: 'selecting' });
    disarmFaultPoints();
    postgres.mend();
    expect(await bookingsOf(ada.user.id)).toEqual([]);
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))).toBe('OK');
  });
});

describe('the connection breaks at COMMIT', () => {
  it('and the commit had arrived: the key finds the booking, and the buyer notices nothing', async () => {
    const { ada, hold } = await ready();
    armFaultPoint('checkout:before-commit', () => {
      disarmFaultPoints();
      postgres.loseAnswers(50);
    });
    const made = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    expect(await bookingsOf(ada.user.id)).toEqual([{ id: made.booking.id, status: 'PENDING' }]);
  });

  it('and it had not arrived: nothing is booked, BUSY, the lease is given back, and the next try succeeds', async () => {
    const { show, ada, hold } = await ready();
    armFaultPoint('checkout:before-commit', () => {
      disarmFaultPoints();
      postgres.cut();
      setTimeout(() => postgres.mend(), 300);
    });
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))).toBe('BUSY');
    expect(await bookingsOf(ada.user.id)).toEqual([]);
    expect(await house.seats.ownHold(show.id, ada.buyer)).toMatchObject({ phase: 'selecting' });
    must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    expect(await bookingsOf(ada.user.id)).toHaveLength(1);
  });

  it('and nobody can tell for a while: BUSY, the lease stays, and the same request finds out', async () => {
    const { show, ada, hold } = await ready();
    armFaultPoint('checkout:before-commit', () => {
      disarmFaultPoints();
      postgres.loseAnswers(30);
      setTimeout(() => postgres.cut(), 35);
    });
    expect(codeOf(await house.booking.checkout(ada, { holdId: hold.id }, 'key'))).toBe('BUSY');
    postgres.mend();
    const [booking] = await bookingsOf(ada.user.id);
    expect(booking?.status).toBe('PENDING');
    expect(await stateOf(house, show.id, 1)).toBe('held');
    expect(must(await house.booking.checkout(ada, { holdId: hold.id }, 'key')).booking.id).toBe(booking?.id);
  });
});

describe('the gateway is away when a booking is made', () => {
  it('the booking waits without an address to pay at, and whoever looks next gives the gateway another chance', async () => {
    const { ada, hold } = await ready();
    await house.db.query('alter table sandbox_payment rename to sandbox_payment_away');
    const made = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    expect(made.payment).toMatchObject({ status: 'PENDING', redirectUrl: null });
    await house.db.query('alter table sandbox_payment_away rename to sandbox_payment');
    const seen = must(await house.booking.view(made.booking.id, ada.user.id));
    expect(seen.payment?.redirectUrl).toBe(`/pay/${made.payment.id}`);
  });

  it('the poller gives it another chance too', async () => {
    const { ada, hold } = await ready();
    const made = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    await house.db.query('update payment set gateway_ref = null, redirect_url = null where id = $1', [made.payment.id]);
    await house.payments.pollPending();
    const { rows } = await house.db.query('select gateway_ref, redirect_url from payment where id = $1', [
      made.payment.id
    ]);
    expect(rows[0]).toMatchObject({
      gateway_ref: expect.stringMatching(/^sandbox_/),
      redirect_url: `/pay/${made.payment.id}`
    });
  });
});

describe('the queue', () => {
  const pay = async () => {
    const { show, ada, hold } = await ready();
    const made = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
    must(await house.payments.sandboxDecide(made.payment.id, ada.user.id, 'success'));
    return { show, ada };
  };

  it('is away: bookings go on, and the mail follows when it is back', async () => {
    queueRedis.cut();
    const { show, ada } = await pay();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(smtp.to(ada.email)).toHaveLength(0);
    queueRedis.mend();
    await until('the mail', () => smtp.to(ada.email).length === 1);
    await until('the map', async () => (await stateOf(house, show.id, 1)) === 'booked');
  });

  it('is wiped with work in it: the outbox fills it again, and its schedules come back', async () => {
    smtp.behaviour = 'later';
    const { ada } = await pay();
    const failed = `${house.config.redisPrefix}bull:mails:delayed`;
    await until('a failed try', async () => (await house.redis.commands.zcard(failed)) > 0);
    const keys = await house.redis.commands.keys(`${house.config.redisPrefix}bull:*`);
    await house.redis.commands.del(...keys);
    smtp.behaviour = 'accept';
    await until('the mail', () => smtp.to(ada.email).length > 0);
    const schedules = `${house.config.redisPrefix}bull:clock:repeat`;
    await until(
      'the schedules',
      async () => (await house.redis.commands.zcard(schedules)) === everySchedule.length,
      25_000
    );
    expect(smtp.to(ada.email)).toHaveLength(1);
  }, 40_000);
});
