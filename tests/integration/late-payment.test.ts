import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRefusal } from '#domain/refusal.ts';
import { expireBooking } from '../../server/booking/expiry.ts';
import { createClaimLate, type ClaimLate } from '../../server/booking/late-seats.ts';
import { settlePayment } from '../../server/booking/settle.ts';
import { syncSeats } from '../../server/booking/sync-seats.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { openWire, type Wire } from './wire.ts';

/** Whoever pays when the time is over takes a seat out of nobody's hands. */
let house: House;
let redis: Wire;

beforeAll(async () => {
  const config = await makeConfig();
  redis = await openWire(config.redisUrl);
  house = await openHouse({ ...config, redisUrl: redis.url });
});
afterAll(async () => {
  await house.close();
  await redis.close();
});

/** A booking whose time is over in Postgres; Redis has not been told. */
async function expired() {
  const show = await makeShow(house.db, 12);
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, [3, 4]);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  await house.db.query(`update booking set expires_at = now() - interval '1 second' where id = $1`, [booking.id]);
  await expireBooking(house.db, booking.id);
  return { show, ada, hold, booking, payment };
}
type Expired = Awaited<ReturnType<typeof expired>>;

const statusOf = async ({ booking, ada }: Expired) =>
  must(await house.booking.view(booking.id, ada.user.id)).booking.status;
const settle = ({ payment }: Expired, claim: ClaimLate) =>
  house.db.transaction((sql) => settlePayment(sql, payment.id, 'succeeded', claim));
const rival = async () => makeBuyer(house.db);

it('somebody else holds one of the seats: they keep it and buy it, and the money of who was late goes back', async () => {
  const late = await expired();
  await syncSeats(house, late.booking.id);
  const eve = await rival();
  const hold = await holdSeats(house, late.show.id, eve.buyer, [4, 5]);
  must(await house.payments.sandboxDecide(late.payment.id, late.ada.user.id, 'success'));
  expect(await statusOf(late)).toBe('REFUND_DUE');
  expect(await house.seats.ownHold(late.show.id, eve.buyer)).toMatchObject({ id: hold.id, seats: [4, 5] });
  const { booking } = must(await house.booking.checkout(eve, { holdId: hold.id }, 'key'));
  expect(booking.seats).toEqual([4, 5]);
  expect(await stateOf(house, late.show.id, 3)).toBe('available');
});

it('nobody holds them: they are leased before they are sold, so that nobody can begin to', async () => {
  const late = await expired();
  await syncSeats(house, late.booking.id);
  const eve = await rival();
  const claim = createClaimLate(house.seats);
  const settled = await settle(late, async (of) => {
    const ours = await claim(of);
    expect(codeOf(await house.seats.hold(late.show.id, eve.buyer, [4], 'between'))).toBe('SEAT_TAKEN');
    return ours;
  });
  expect(settled).toBe('confirmed');
  await syncSeats(house, late.booking.id);
  expect(await stateOf(house, late.show.id, 4)).toBe('booked');
});

it('the work after the expiry comes in between: it waits, and finds the booking confirmed', async () => {
  const late = await expired();
  const eve = await rival();
  const claim = createClaimLate(house.seats);
  let work: Promise<void> | undefined;
  const settled = await settle(late, async (of) => {
    work = syncSeats(house, late.booking.id);
    const ours = await claim(of);
    // Long enough for that work, did it not wait for our commit.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(codeOf(await house.seats.hold(late.show.id, eve.buyer, [3], 'between'))).toBe('SEAT_TAKEN');
    return ours;
  });
  expect(settled).toBe('confirmed');
  await work;
  await syncSeats(house, late.booking.id);
  expect(await stateOf(house, late.show.id, 3)).toBe('booked');
});

it('Redis is away: the message is refused with BUSY, nothing is settled, and the next one is', async () => {
  const late = await expired();
  const busy: unknown[] = [];
  redis.cut();
  const answer = (await settle(late, createClaimLate(house.seats))) as unknown;
  if (isRefusal(answer)) busy.push(answer.code);
  expect(busy).toEqual(['BUSY']);
  expect(await statusOf(late)).toBe('EXPIRED');
  redis.mend();
  await until('the next try', async () => {
    const again: unknown = await settle(late, createClaimLate(house.seats));
    return again === 'confirmed';
  });
  expect(await statusOf(late)).toBe('CONFIRMED');
});
