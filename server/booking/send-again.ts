import * as said from '#domain/messages/compiled/refusals_sale.js';
import { randomUUID } from 'node:crypto';
import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { audit, change } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import { enqueue } from './outbox.ts';
import type { BookingStatus } from './views.ts';

/** The tickets once more, for a buyer who has lost the mail. */
export interface SendingAgain {
  /**
   * A new mail with the tickets, to the address that the account has now. Refuses NOT_FOUND, INVALID for a booking
   * without tickets, and LIMIT_REACHED while one waits to be sent or after `AGAIN_A_DAY` of them.
   */
  sendAgain(by: Manager, bookingId: string): Promise<{ recipient: string } | Refusal>;
}

/** Who asks more often than this within 24 hours does not lack a mail. */
export const AGAIN_A_DAY = 5;

export function createSendingAgain({ db, wakeRelay }: { db: Database; wakeRelay: () => void }): SendingAgain {
  return {
    async sendAgain(by, bookingId) {
      if (!uuid.safeParse(bookingId).success) return notFound('booking');
      const asked = await change(db, async (sql) => {
        const found = await sql.query<{ status: BookingStatus; email: string }>(
          `select b.status, u.email from booking b join app_user u on u.id = b.user_id
             join show s on s.id = b.show_id join event e on e.id = s.event_id
            where b.id = $1 and ${owned('e.organizer_id', 2)} for update of b`,
          [bookingId, by.owner]
        );
        const [booking] = found.rows;
        if (!booking) return notFound('booking');
        if (booking.status !== 'CONFIRMED') return refuse('INVALID', said.no_tickets_to_send());
        const mails = await sql.query<{ waiting: number; again: number }>(
          `select count(*) filter (where o.done_at is null) as waiting,
                  count(*) filter (where o.kind = 'mail.confirmation-again' and o.created_at > now() - interval '24 hours') as again
             from outbox o
            where o.kind like 'mail.%' and o.kind in ('mail.confirmation', 'mail.confirmation-again')
              and coalesce(o.payload ->> 'bookingId', o.payload ->> 'paymentId', o.payload ->> 'refundId') = $1`,
          [bookingId]
        );
        const { waiting = 0, again = 0 } = mails.rows[0] ?? {};
        if (waiting > 0) return refuse('LIMIT_REACHED', said.mail_waits());
        if (again >= AGAIN_A_DAY) return refuse('LIMIT_REACHED', said.sent_too_often({ count: AGAIN_A_DAY }));
        const againId = randomUUID();
        await enqueue(sql, 'mail.confirmation-again', { bookingId, againId }, { dedupeKey: againId });
        // To whom stands with the mail itself, where it is taken out when the account is deleted.
        await audit(sql, by, 'booking', bookingId, null, null, 'send tickets again');
        return { recipient: booking.email };
      });
      wakeRelay();
      return asked;
    }
  };
}
