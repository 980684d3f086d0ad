import { randomUUID } from 'node:crypto';
import { faultPoint } from '../booking/fault-points.ts';
import type { Database } from '../db/database.ts';
import type { PaymentGateway } from './gateway.ts';

interface Unopened {
  id: string;
  gateway: string;
  amount: number;
  currency: string;
  title: string;
  move: boolean;
}

/**
 * Tells the gateway of a pending payment (of a booking, or of the difference of a move) it has not answered for yet, and keeps its answer. Outside any
 * transaction: a gateway may take seconds, and it knows our payment id, so asking twice opens one payment.
 */
export async function openAtGateway(
  db: Database,
  gateways: ReadonlyMap<string, PaymentGateway>,
  origin: string,
  bookingId: string
): Promise<void> {
  const found = await db.query<Unopened>(
    `select p.id, p.gateway, p.amount, p.currency, e.title, p.move_id is not null as move
       from payment p
       join booking b on b.id = p.booking_id
       join show s on s.id = b.show_id
       join event e on e.id = s.event_id
       left join paid_move m on m.id = p.move_id
      where p.booking_id = $1 and p.status = 'PENDING' and p.gateway_ref is null
        and coalesce(m.status, b.status) = 'PENDING'`,
    [bookingId]
  );
  const [payment] = found.rows;
  if (!payment) return;
  const gateway = gateways.get(payment.gateway);
  if (!gateway) throw new Error(`no gateway is called ${payment.gateway}`);
  const { ref, redirectUrl } = await gateway.create({
    paymentId: payment.id,
    amount: payment.amount,
    currency: payment.currency,
    returnUrl: `${origin}/bookings/${bookingId}`,
    description: payment.move ? `${payment.title}: other seats` : payment.title
  });
  faultPoint('gateway:after-create');
  await db.query('update payment set gateway_ref = $2, redirect_url = $3 where id = $1 and gateway_ref is null', [
    payment.id,
    ref,
    redirectUrl
  ]);
}

/** A new payment for a booking that still waits and whose last one failed; else nothing changes. */
export async function tryAgain(db: Database, gateway: string, bookingId: string): Promise<void> {
  await db.transaction(async (sql) => {
    const waiting = await sql.query<{ total: number; currency: string }>(
      `select total, currency from booking where id = $1 and status = 'PENDING' and expires_at > now() for update`,
      [bookingId]
    );
    const [booking] = waiting.rows;
    if (!booking) return;
    await sql.query(
      `insert into payment (id, booking_id, gateway, status, amount, currency)
       select $1, $2, $3, 'PENDING', $4, $5
        where not exists (select 1 from payment where booking_id = $2 and status <> 'FAILED' and move_id is null)`,
      [randomUUID(), bookingId, gateway, booking.total, booking.currency]
    );
  });
}
