import type { Refusal } from '#domain/refusal.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { PaymentGateway } from './gateway.ts';

/** A payment of a booking that is over is asked about for this long (hours); then its page at the gateway is closed. */
const LATE_HOURS = 24;
/** And this often (seconds): with the schedule's 15 s, whoever paid too late hears of it within a minute. */
const OVER_EVERY_SECONDS = 40;
const PORTION = 200;

interface Waiting {
  id: string;
  booking_id: string;
  gateway: string;
  gateway_ref: string | null;
}

/** The truth behind the webhooks: asks the gateways about payments that are still pending here. */
export function createPoller(parts: {
  db: Database;
  gateways: ReadonlyMap<string, PaymentGateway>;
  begin: (bookingId: string) => Promise<void>;
  settle: (paymentId: string, outcome: 'succeeded' | 'declined') => Promise<boolean | Refusal>;
  log: Logger;
  /** A message that has not come after this long is asked for. */
  patienceMs: number;
}): () => Promise<number> {
  const { db, gateways, begin, settle, log, patienceMs } = parts;

  /** Those not asked about for the longest time first; asking less often once the booking is over. */
  const claim = () =>
    db.query<Waiting>(
      `update payment set polled_at = now() where id in (
         select p.id from payment p join booking b on b.id = p.booking_id left join paid_move m on m.id = p.move_id
          where p.status = 'PENDING' and p.created_at < now() - make_interval(secs => $1::double precision / 1000)
            and (coalesce(m.status, b.status) = 'PENDING' or p.created_at > now() - make_interval(hours => ${LATE_HOURS}))
            and (p.polled_at is null or coalesce(m.status, b.status) = 'PENDING' or p.polled_at < now() - interval '${OVER_EVERY_SECONDS} seconds')
          order by p.polled_at nulls first limit ${PORTION} for update of p skip locked)
       returning id, booking_id, gateway, gateway_ref`,
      [patienceMs]
    );

  return async () => {
    let settled = 0;
    for (const payment of (await claim()).rows) {
      try {
        if (payment.gateway_ref === null) {
          await begin(payment.booking_id);
          continue;
        }
        const state = await gateways.get(payment.gateway)?.poll(payment.gateway_ref);
        if (state === 'succeeded' || state === 'declined')
          settled += (await settle(payment.id, state)) === true ? 1 : 0;
      } catch (error) {
        // One payment that cannot be asked about must not hide the others.
        log.warn({ err: error, paymentId: payment.id }, 'could not poll a payment');
      }
    }
    return settled;
  };
}
