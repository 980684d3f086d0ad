import type { BuyerId } from '#domain/ids.ts';
import type { Books } from '../audit/against-books.ts';
import type { LiveShow } from '../audit/live-show.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import type { TakenCount } from '../seats/seat-state.ts';

/**
 * Buyers whose count towards the cap is not what they have: the seats of their bookings, and those of leases whose
 * booking has not been made yet. Buyers with seats on their way between Postgres and Redis are left out.
 */
export function wrongCounts(show: LiveShow, books: Books): TakenCount[] {
  const right = new Map<BuyerId, number>();
  const moving = new Set<BuyerId>();
  const booked = new Set<string>();
  for (const [seat, { user, hold }] of books.live) {
    const buyer = buyerOfUser(user);
    right.set(buyer, (right.get(buyer) ?? 0) + 1);
    booked.add(hold);
    if (books.moving.has(seat)) moving.add(buyer);
  }
  for (const [id, { buyer, phase, seats }] of show.holds) {
    if (phase === 'paying' && !booked.has(id)) right.set(buyer, (right.get(buyer) ?? 0) + seats.length);
  }
  return [...new Set([...right.keys(), ...show.taken.keys()])].flatMap((buyer) => {
    const [seen, wanted] = [show.taken.get(buyer) ?? 0, right.get(buyer) ?? 0];
    return seen === wanted || moving.has(buyer) ? [] : [{ buyer, seen, right: wanted }];
  });
}
