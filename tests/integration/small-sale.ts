import { randomUUID } from 'node:crypto';
import { holdSeats, makeBuyer, must, stateOf, until, type House } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';

/** A show of ten seats with one of each: see `makeSmallSale`. */
export interface SmallSale {
  show: MadeShow;
  confirmed: { id: string; seats: number[]; total: number; user: string; hold: string };
  pending: { id: string; hold: string; user: string };
  held: { hold: string; buyer: string };
}

export const CAPACITY = 10;

/**
 * A sale in each of its states, made by the service itself: two seats sold (0, 1), one that waits for its payment (2),
 * one held (3), one blocked (4). Starts the house's jobs.
 */
export async function makeSmallSale(house: House): Promise<SmallSale> {
  await house.jobs.start();
  const show = await makeShow(house.db, CAPACITY);
  await house.db.query('insert into seat_block (show_id, plan_id, seat_index) values ($1, $2, 4)', [
    show.id,
    show.planId
  ]);
  const [paying, slow, choosing] = [await makeBuyer(house.db), await makeBuyer(house.db), await makeBuyer(house.db)];
  const checkout = async (buyer: typeof paying, seats: number[]) => {
    const hold = await holdSeats(house, show.id, buyer.buyer, seats);
    return { hold, ...must(await house.booking.checkout(buyer, { holdId: hold.id }, randomUUID())) };
  };
  const bought = await checkout(paying, [0, 1]);
  must((await house.payments.sandboxDecide(bought.payment.id, paying.user.id, 'success')) ?? null);
  await until('the seats are booked', async () => (await stateOf(house, show.id, 1)) === 'booked');
  const { booking } = bought;
  const waits = await checkout(slow, [2]);
  const held = await holdSeats(house, show.id, choosing.buyer, [3]);
  await until('the outbox is done but for mails', async () => {
    const open = await house.db.query(`select 1 from outbox where done_at is null and kind = 'seats.sync'`);
    return open.rowCount === 0;
  });
  return {
    show,
    confirmed: { id: booking.id, seats: [0, 1], total: booking.total, user: paying.user.id, hold: bought.hold.id },
    pending: { id: waits.booking.id, hold: waits.hold.id, user: slow.user.id },
    held: { hold: held.id, buyer: choosing.buyer }
  };
}
