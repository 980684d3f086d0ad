import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { setSeatState, sizedMap, type SeatState } from '../../src/lib/domain/seat-map.ts';
import { createLog } from '../../server/log.ts';
import { createSeatLog } from '../../server/seat-log/seat-log.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { makeShow, makeUser, plainPlan, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** A small sale, kept; then those who run the show ask what happened. */
const PLAN = plainPlan(40, 10);
let house: House;
let show: MadeShow;
let seatLog: House['seatLog'];
let owner: { user: string; owner: string | null };
let bookingId: string;

beforeAll(async () => {
  house = await openHouse(await makeConfig());
  const { db, redis, seats, config } = house;
  const log = createLog('silent', false);
  seatLog = createSeatLog({ db, redis: redis.commands, seats, config, log, planOf: () => Promise.resolve(PLAN) });
  show = await makeShow(db, PLAN);
  owner = { user: show.organizerId, owner: show.organizerId };
  const [ada, bob] = [await makeBuyer(db), await makeBuyer(db)];
  await holdSeats(house, show.id, 'g_guest0001abcd', [3, 4]);
  must(await seats.release(show.id, 'g_guest0001abcd', [3]));
  must(await seats.release(show.id, 'g_guest0001abcd'));
  const hold = await holdSeats(house, show.id, ada.buyer, [3]);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, randomUUID()));
  must((await house.payments.sandboxDecide(payment.id, ada.user.id, 'success')) ?? null);
  await house.jobs.start();
  bookingId = booking.id;
  await holdSeats(house, show.id, bob.buyer, [20]);
  const seen = async () => {
    const { items } = must(await seatLog.events(owner, show.id, { limit: 200 }));
    return items.some(({ what }) => what === 'booked') && items.some(({ seats: [seat] }) => seat === 20);
  };
  await until('the log is kept', seen);
});
afterAll(() => house.close());

it('says what happened to a seat, by its name or its index, and names no buyer', async () => {
  const { items, gaps } = must(await seatLog.events(owner, show.id, { seat: 'Stalls A 4', limit: 50 }));
  expect(items.map(({ what, buyer }) => [what, buyer?.length ?? null])).toEqual([
    ...[
      ['map-made', null],
      ['held', 4],
      ['released', 4]
    ],
    ...[
      ['held', 4],
      ['booked', 4]
    ]
  ]);
  expect(items.map(({ seats }) => seats)).toEqual(items.map(() => [3]));
  expect(items.at(-1)?.booking).toEqual({ id: bookingId, status: 'CONFIRMED' });
  expect(items[1]?.buyer).toBe('abcd');
  expect(gaps).toEqual([]);
  const byIndex = must(await seatLog.events(owner, show.id, { seat: '3', limit: 50 }));
  expect(byIndex.items).toEqual(items);
});

it('answers page by page, and of a time only', async () => {
  const first = must(await seatLog.events(owner, show.id, { seat: 'A 4', limit: 2 }));
  const rest = must(await seatLog.events(owner, show.id, { seat: 'A 4', limit: 50, cursor: first.next ?? '' }));
  expect([...first.items, ...rest.items].map(({ version }) => version)).toEqual([
    ...new Set([...first.items, ...rest.items].map(({ version }) => version))
  ]);
  expect(rest.items).toHaveLength(3);
  const from = rest.items[0]?.at ?? '';
  expect(must(await seatLog.events(owner, show.id, { seat: 'A 4', from, limit: 50 })).items).toEqual(rest.items);
  expect(must(await seatLog.events(owner, show.id, { seat: 'A 4', to: from, limit: 50 })).items).toEqual(first.items);
});

it('gives the reason of a block, as it was then', async () => {
  const block = (reason: string) =>
    house.db.query(
      `insert into audit_log (user_id, action, kind, thing_id, after) values ($1, 'block seats', 'show', $2, $3)`,
      [owner.user, show.id, JSON.stringify({ seats: [30], reason })]
    );
  await block('Camera stand');
  must(await house.seats.block(show.id, [30], true));
  const story = async () => must(await seatLog.events(owner, show.id, { seat: '30', limit: 50 })).items;
  await until('the block is kept', async () => (await story()).some(({ what }) => what === 'blocked'));
  expect((await story()).at(-1)).toMatchObject({ what: 'blocked', reason: 'Camera stand', buyer: null });
});

it('refuses a name that is no seat, or more than one', async () => {
  for (const seat of ['Stalls Z 99', 'Stalls', 'nonsense'])
    expect(codeOf(await seatLog.events(owner, show.id, { seat, limit: 50 }))).toBe('INVALID');
});

it('plays to the map that stands, with the counts that it has', async () => {
  const { runs, series } = must(await seatLog.history(owner, show.id));
  const [run] = runs;
  if (!run) throw new Error('no run');
  const now = must(await house.seats.snapshot(show.id));
  await until('all is kept', async () => must(await seatLog.history(owner, show.id)).runs[0]?.last === now.version);
  const query = { epoch: run.epoch, from: run.starts[0]?.version ?? -1, to: now.version };
  const page = must(await seatLog.replay(owner, show.id, query));
  const map = sizedMap(Buffer.from(page.map, 'base64'), run.capacity);
  page.seats.forEach((seats, n) => {
    for (const seat of seats) setSeatState(map, seat, Number(page.states[n]) as SeatState);
  });
  expect([...map]).toEqual([...now.map]);
  const { held, booked, blocked } = must(await house.seats.snapshot(show.id)).counts;
  expect(must(await seatLog.history(owner, show.id)).series.at(-1)).toMatchObject({ held, booked, blocked });
  expect(series.length).toBeGreaterThan(0);
  expect(page.steps.every((step) => step >= 0)).toBe(true);
});

it('is there for the organizer of the show and for admins, and for nobody else', async () => {
  const other = await makeUser(house.db, 'organizer');
  const stranger = { user: other, owner: other };
  const asks = [
    seatLog.events(stranger, show.id, { limit: 5 }),
    seatLog.history(stranger, show.id),
    seatLog.replay(stranger, show.id, { epoch: 1, from: 0, to: 1 })
  ];
  for (const answer of await Promise.all(asks)) expect(codeOf(answer)).toBe('NOT_FOUND');
  expect(codeOf(await seatLog.history({ user: other, owner: null }, show.id))).toBe('OK');
});
