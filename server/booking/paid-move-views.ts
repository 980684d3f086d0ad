import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import type { PaidMoveStatus } from './paid-move-rows.ts';
import { toPayment, type PaymentRow, type PaymentView } from './views.ts';

/** A move to dearer seats, as its buyer and the organizer see it. Money is minor units, times are RFC 3339. */
export interface PaidMoveView {
  id: string;
  /** PENDING: it waits for the payment. DONE: moved. In any other state the booking is as it was. */
  status: PaidMoveStatus;
  /** Each of `from` goes to the one of `to` that stands where it does. */
  from: { index: SeatIndex; label: string }[];
  to: { index: SeatIndex; label: string }[];
  difference: number;
  currency: string;
  /** Until then it can be paid for, and the new seats wait. */
  expiresAt: string;
  /** The organizer has offered it. */
  offered: boolean;
  payment: PaymentView;
}

interface Row extends Pick<PaidMoveView, 'id' | 'status' | 'from' | 'to' | 'difference' | 'offered'> {
  expires_at: Date;
  payment: PaymentRow;
}

const labels = (side: 'from_seat' | 'to_seat') =>
  `(select json_agg(json_build_object('index', w.${side}, 'label', p.label) order by w.to_seat)
      from paid_move_seat w join plan_seat p on p.plan_id = w.plan_id and p.seat_index = w.${side} where w.move_id = m.id)`;

/** This one of the booking's, or the latest; null when there was none. */
export async function readPaidMove(
  sql: Sql,
  bookingId: string,
  id: string | null = null
): Promise<PaidMoveView | null> {
  const found = await sql.query<Row>(
    `select m.id, m.status, m.difference, m.expires_at, m.asked_by <> b.user_id as offered,
            ${labels('from_seat')} as from, ${labels('to_seat')} as to,
            (select row_to_json(p) from payment p where p.move_id = m.id) as payment
       from paid_move m join booking b on b.id = m.booking_id
      where m.booking_id = $1 and ($2::uuid is null or m.id = $2) order by (m.status = 'PENDING') desc, m.created_at desc limit 1`,
    [bookingId, id]
  );
  const [row] = found.rows;
  if (!row) return null;
  const { expires_at: expiresAt, payment, ...rest } = row;
  return {
    ...{ ...rest, currency: payment.currency, expiresAt: expiresAt.toISOString() },
    payment: toPayment(payment)
  };
}
