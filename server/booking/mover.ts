import * as said from '#domain/messages/compiled/refusals_sale.js';
import * as m from '#domain/messages/compiled/refusals.js';
import type { UserId } from '#domain/ids.ts';
import { mayCancel } from '#domain/refunds.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';
import { lockBooking, lockManaged, type LockedBooking } from './give-back.ts';

/** Who moves a booking: whose it is is known before anything else, and what they may. */
export interface Mover {
  user: UserId;
  /** Refuses NOT_FOUND. */
  lock(sql: Sql, bookingId: string): Promise<LockedBooking | Refusal>;
  /** Of a confirmed booking. */
  mayMove(sql: Sql, booking: LockedBooking): Promise<Refusal | null>;
}

/** The organizer: at any time, whatever the sale. */
export const organizer = (by: Manager): Mover => ({
  user: by.user,
  lock: (sql, id) => lockManaged(sql, by, id),
  mayMove: () => Promise.resolve(null)
});

/**
 * Its buyer: as long as they could cancel it, because whoever moves gives seats back; and while the show is on sale,
 * because they take others.
 */
export const buyer = (user: UserId): Mover => ({
  user,
  lock: async (sql, id) => (await lockBooking(sql, id, user)) ?? notFound('booking'),
  async mayMove(sql, { show_id }) {
    const found = await sql.query<Terms>(
      `select starts_at, refund_until_min as until, now() as now, cancelled_at is not null as cancelled,
              case when sale_closes_at <= now() or sale_opens_at > now() then 'closed' else sale end as sale
         from show where id = $1`,
      [show_id]
    );
    const [terms] = found.rows;
    return terms ? refusedBy(terms) : notFound('booking');
  }
});

interface Terms {
  starts_at: Date;
  until: number | null;
  now: Date;
  cancelled: boolean;
  sale: 'open' | 'paused' | 'closed';
}

function refusedBy({ starts_at, until, now, cancelled, sale }: Terms): Refusal | null {
  if (cancelled) return showCancelled();
  if (until === null) return refuse('NOT_MOVABLE', m.never_changeable());
  if (!mayCancel(starts_at, until, now)) return refuse('NOT_MOVABLE', m.too_late_to_change());
  if (sale === 'paused') return refuse('SALE_PAUSED', said.move_paused());
  if (sale === 'closed') return refuse('SALE_CLOSED', said.move_closed());
  return null;
}
