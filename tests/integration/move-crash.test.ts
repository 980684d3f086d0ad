import { afterAll, beforeAll, expect, it } from 'vitest';
import { audit } from '../../server/audit/audit.ts';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import type { Config } from '../../server/config.ts';
import { must, openHouse, stateOf, until, type House } from './house.ts';
import { dies, takePlace } from './killed.ts';
import { buy, organizerOf, tieredShow, unbalanced, type Paid } from './refund-house.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/**
 * A real process is killed with SIGKILL at each step of a move. The booking then has its old seats or its new ones, never
 * a part of either; whoever repeats the request, or nobody, the map, the mail and the books come to the same.
 */
let config: Config;
let smtp: TestSmtp;
let house: House;

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url });
  // Our own poller opens what nobody has opened at the gateway: not before the process has had the time to die there.
  house = await openHouse(config, { patienceMs: 5000 });
  await house.jobs.start();
});
afterAll(async () => {
  await until('all work done', async () => {
    const open = await house.db.query('select 1 from outbox where done_at is null and due_at <= now()');
    return open.rowCount === 0;
  });
  expect(await unbalanced(house.db)).toEqual([]);
  const sources = { sql: house.db, redis: house.redis.commands, keys: house.seats.keys };
  const { checks } = await audit(sources, { againAfterMs: 50 });
  expect(checks.filter(({ findings }) => findings.length > 0)).toEqual([]);
  await house.close();
  await smtp.close();
});

const FROM = [1, 2];
const TO = [6, 7];
const seatsOf = async ({ bookingId, ada }: Paid) => {
  const { booking, tickets } = must(await house.booking.view(bookingId, ada.user.id));
  expect(tickets.map(({ seatIndex }) => seatIndex)).toEqual(booking.seats);
  return booking.seats;
};
const states = ({ show }: Paid, seats: number[]) => Promise.all(seats.map((seat) => stateOf(house, show.id, seat)));
const mailsOf = ({ ada }: Paid) => smtp.to(ada.email).filter(({ subject }) => subject?.startsWith('Your seats have'));

const points: [FaultPoint, number[], boolean][] = [
  ['move:after-lease', FROM, true],
  ['move:before-commit', FROM, true],
  ['move:after-commit', TO, true],
  ['move:after-commit', TO, false]
];
it.concurrent.for(points)(
  'a move killed at %s has %j, and is done once (asked again: %s)',
  { timeout: 180_000 },
  async ([point, seats, again], { onTestFinished }) => {
    await takePlace(onTestFinished);
    const show = await makeShow(house.db, 10);
    const paid = await buy(house, show, FROM);
    await until('booked', async () => (await stateOf(house, show.id, 1)) === 'booked');
    const key = `${point} ${again}`;
    const { user } = organizerOf(show);
    await dies(config, 'move-child.ts', { point, user, booking: paid.bookingId, key, own: false, to: TO });
    expect(await seatsOf(paid)).toEqual(seats);
    if (seats === FROM) expect(await states(paid, TO)).toEqual(['held', 'held']);
    const ask = () =>
      house.booking.move(organizerOf(show), paid.bookingId, { to: TO, waive: false, collect: false }, key);
    // The dead process' lease is found by the key, so its seats are no obstacle.
    if (again) for (const answer of [await ask(), await ask()]) expect(must(answer).booking.seats).toEqual(TO);
    await until(
      'the map',
      async () => (await states(paid, [...FROM, ...TO])).join() === 'available,available,booked,booked'
    );
    await until('the mail', () => mailsOf(paid).length === 1, 40_000);
    expect(await seatsOf(paid)).toEqual(TO);
    const moves = await house.db.query('select 1 from booking_move where booking_id = $1', [paid.bookingId]);
    expect(moves.rowCount).toBe(1);
  }
);

/** The difference's payment and the booking's seats, read at one moment: a change is paid for and made, or neither. */
interface Stands {
  payment: string | null;
  seats: number[];
}
const NOT_ASKED: Stands = { payment: null, seats: [0, 1] };
const UNPAID: Stands = { payment: 'PENDING', seats: [0, 1] };
const MOVED: Stands = { payment: 'SUCCESS', seats: [0, 5] };

/** Asked again: by the buyer, who has not heard. Else nobody does anything, and the gateway is asked what was paid. */
const steps: [FaultPoint, 'asked again' | 'polled', Stands[]][] = [
  ['move:after-lease', 'asked again', [NOT_ASKED]],
  ['paid-move:before-commit', 'asked again', [NOT_ASKED]],
  ['paid-move:after-commit', 'asked again', [UNPAID]],
  ['gateway:after-create', 'asked again', [UNPAID]],
  // The poller may have been here since.
  ['payment:after-decision', 'polled', [UNPAID, MOVED]],
  ['payment:before-commit', 'polled', [UNPAID, MOVED]],
  ['payment:after-commit', 'polled', [MOVED]]
];
it.concurrent.for(steps)(
  'a change to dearer seats killed at %s is paid for once and made once (%s)',
  { timeout: 180_000 },
  async ([point, then, mayStand], { onTestFinished }) => {
    await takePlace(onTestFinished);
    const show = await tieredShow(house.db);
    const paid = await buy(house, show, [0, 1]);
    await until('booked', async () => (await stateOf(house, show.id, 1)) === 'booked');
    const { user } = paid.ada;
    const errand = { point, user: user.id, booking: paid.bookingId, key: point, own: true, to: [0, 5] };
    await dies(config, 'move-child.ts', errand);
    const { rows: stands } = await house.db.query<Stands>(
      `select (select status from payment where booking_id = $1 and move_id is not null) as payment,
              array(select seat_index from booking_seat where booking_id = $1 and live order by 1) as seats`,
      [paid.bookingId]
    );
    expect(mayStand).toContainEqual(stands[0]);
    if (then === 'asked again') {
      expect(await seatsOf(paid)).toEqual([0, 1]);
      expect(await states(paid, [1, 5])).toEqual(['booked', 'held']);
      const ask = () => house.booking.moveOwn(user.id, paid.bookingId, { to: [0, 5] }, point);
      const [one, two] = [must(await ask()).move?.payment, must(await ask()).move?.payment];
      expect(two?.id).toBe(one?.id);
      must((await house.payments.sandboxDecide(one?.id ?? '', user.id, 'success')) ?? true);
    }
    await until('it is settled', async () => {
      await house.payments.pollPending();
      return (await seatsOf(paid)).join() === '0,5';
    });
    await until('the map', async () => (await states(paid, [1, 5])).join() === 'available,booked');
    await until('the mail', () => smtp.to(paid.ada.email).filter(({ subject }) => subject?.startsWith('Your seat has')).length === 1, 40_000); // prettier-ignore
    const { rows } = await house.db.query(
      `select (select count(*)::int from booking_move where booking_id = $1 and paid = 1500) as moves,
              (select count(*)::int from paid_move where booking_id = $1) as asked,
              array(select amount::int from payment where booking_id = $1 and status = 'SUCCESS' order by 1) as paid,
              (select count(*)::int from sandbox_payment s join payment p on p.id = s.payment_id
                where p.booking_id = $1 and s.status = 'succeeded') as at_gateway`,
      [paid.bookingId]
    );
    expect(rows).toEqual([{ moves: 1, asked: 1, paid: [1500, 5000], at_gateway: 2 }]);
  }
);
