import type { RefundView } from '../../server/booking/refund-views.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import type { Manager } from '../../server/catalog/ownership.ts';
import type { Database } from '../../server/db/database.ts';
import { holdSeats, makeBuyer, must, type House } from './house.ts';
import { makeShow, plainPlan, type MadeShow } from './shows.ts';

/** What tests about refunds begin with, and what they count at the end. */
export interface Paid {
  show: MadeShow;
  ada: Buyer & { email: string };
  bookingId: string;
  paymentId: string;
}

/** A buyer with these seats (2,500 cents each), paid for through the sandbox. */
export async function buy(house: House, show: MadeShow, seats: readonly number[]): Promise<Paid> {
  const ada = await makeBuyer(house.db);
  const hold = await holdSeats(house, show.id, ada.buyer, seats);
  const { booking, payment } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));
  // What costs nothing is confirmed without a payment.
  if (payment.status === 'PENDING') must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
  return { show, ada, bookingId: booking.id, paymentId: payment.id };
}

/** Seats 0–4 cost 25.00, 5–9 cost 40.00, 10–14 cost 10.00. */
export async function tieredShow(db: Database): Promise<MadeShow> {
  const plan = plainPlan(15, 5);
  const tiers = ['standard', 'front', 'back'];
  const show = await makeShow(db, {
    ...plan,
    tiers: tiers.map((id, n) => ({ id, name: id, ordinal: n + 1 })),
    seats: plan.seats.map((seat) => ({ ...seat, tier: tiers[Math.floor(seat.index / 5)] ?? '' }))
  });
  await db.query(
    `update show_tier set price = case tier when 'front' then 4000 when 'back' then 1000 else 2500 end where show_id = $1`,
    [show.id]
  );
  return show;
}

/** The organizer of the show. */
export const organizerOf = (show: MadeShow): Manager => ({ user: show.organizerId, owner: show.organizerId });

/** What the sandbox's own books say went back for a payment: one number for each refund that was done. */
export async function givenBack(db: Database, paymentId: string): Promise<number[]> {
  const { rows } = await db.query<{ amount: number }>(
    `select r.amount from sandbox_refund r join sandbox_payment p on p.ref = r.ref
      where p.payment_id = $1 and r.status = 'done' order by r.created_at`,
    [paymentId]
  );
  return rows.map(({ amount }) => amount);
}

/**
 * Bookings for which money is not conserved: what was paid, less what went back or is to, must be what the live seats
 * are worth. Empty when all is well, whatever happened.
 */
export async function unbalanced(db: Database): Promise<unknown[]> {
  const { rows } = await db.query<{ id: string }>(
    `select * from (
       select b.id, b.status,
              coalesce((select sum(amount) from payment p where p.booking_id = b.id and p.status in ('SUCCESS', 'REFUNDED')), 0)::bigint as paid,
              coalesce((select sum(amount) from refund r where r.booking_id = b.id), 0)::bigint as back,
              coalesce((select sum(price) from booking_seat s where s.booking_id = b.id and s.live), 0)::bigint as worth
         from booking b where b.status not in ('PENDING')) sums
      where paid - back <> worth or (status <> 'CONFIRMED' and worth <> 0)`
  );
  return rows;
}

export async function refundsIn(db: Database, bookingId: string): Promise<Pick<RefundView, 'amount' | 'status'>[]> {
  const { rows } = await db.query<Pick<RefundView, 'amount' | 'status'>>(
    'select amount, status from refund where booking_id = $1 order by created_at',
    [bookingId]
  );
  return rows;
}
