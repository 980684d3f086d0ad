import type { ShowId } from '#domain/ids.ts';
import type { ShowChanged } from '#domain/protocol.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { audit, change } from '../catalog/changes.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { faultPoint } from './fault-points.ts';
import { enqueue } from './outbox.ts';

/** A show that does not take place: said at once to everybody, its bookings refunded one by one by a job. */
export interface ShowCancelling {
  /**
   * Ends the sale for good and begins to refund; answers how many bookings that concerns. Again: changes nothing, the
   * same answer. Refuses NOT_FOUND.
   */
  cancelShow(by: Manager, show: ShowId, reason: string): Promise<{ bookings: number } | Refusal>;
  /** How far refunding has come, by bookings; null for a show that is not cancelled or not theirs. */
  cancellation(by: Manager, show: ShowId): Promise<Cancellation | null>;
}

/** `waiting` is all that is neither `refunded` (or had nothing to give back) nor `failed`. */
export interface Cancellation {
  total: number;
  refunded: number;
  waiting: number;
  failed: number;
}

export function createShowCancelling(parts: {
  db: Database;
  seats: Seats;
  log: Logger;
  wakeRelay: () => void;
  /** Tells everybody who watches. */
  showChanged: (show: ShowId, what: Omit<ShowChanged, 'showId'>) => void;
}): ShowCancelling {
  const { db, seats, log, wakeRelay, showChanged } = parts;

  async function cancellation(by: Manager, show: ShowId): Promise<Cancellation | null> {
    const found = await db.query<{ total: number; refunded: number; failed: number }>(
      `select count(b.id) as total,
              count(b.id) filter (where b.status in ('REFUNDED', 'CANCELLED')) as refunded,
              count(b.id) filter (where b.status = 'REFUND_DUE' and exists (
                select 1 from refund r where r.booking_id = b.id and r.status = 'FAILED')) as failed
         from show s
         join event e on e.id = s.event_id
         left join booking b on b.show_id = s.id
          and (b.status = 'CONFIRMED' or (b.status in ('REFUND_DUE', 'REFUNDED', 'CANCELLED') and b.cancelled_at >= s.cancelled_at))
        where s.id = $1 and s.cancelled_at is not null and ${owned('e.organizer_id', 2)}
        group by s.id`,
      [show, by.owner]
    );
    const [sums] = found.rows;
    return sums ? { ...sums, waiting: sums.total - sums.refunded - sums.failed } : null;
  }

  return {
    cancellation,

    async cancelShow(by, show, reason) {
      const done = await change<boolean>(db, async (sql) => {
        const before = await readOwnShow(sql, by, show, true);
        if (isRefusal(before)) return before;
        const closed = await sql.query(
          `update show set cancelled_at = now(), cancelled_by = $2, cancel_reason = $3, sale = 'closed',
                  version = version + 1, updated_at = now() where id = $1 and cancelled_at is null`,
          [show, by.user, reason]
        );
        if (closed.rowCount === 0) return false;
        await audit(sql, by, 'show', show, before, await readOwnShow(sql, by, show), 'cancel');
        await enqueue(sql, 'show.cancel', { showId: show }, { dedupeKey: show });
        return true;
      });
      if (isRefusal(done)) return done;
      faultPoint('cancel:after-show');
      if (done) {
        wakeRelay();
        showChanged(show, { sale: 'closed', cancelled: true });
        // The job says it again for certain.
        const refusal = await seats.setSale(show, 'closed');
        if (isRefusal(refusal))
          log.warn({ show, code: refusal.code }, 'the live map has not heard of the cancellation');
        log.info({ show }, 'show cancelled');
      }
      return { bookings: (await cancellation(by, show))?.total ?? 0 };
    }
  };
}
