import * as desk from '#domain/messages/compiled/refusals_desk.js';
import * as m from '#domain/messages/compiled/refusals.js';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Sql } from '../db/database.ts';
import { toLeft } from '../waiting/moves.ts';
import type { User } from './accounts.ts';

/**
 * Takes the person out of the books, which are kept: name, address and attendees go, seats and sums stay. Refuses
 * FORBIDDEN to those who sell, HAS_BOOKINGS while there are shows to go to or money to come back.
 */
export async function leave(sql: Sql, user: User): Promise<Refusal | undefined> {
  // No checkout of theirs may slip in: it would wait for this row.
  await sql.query('select 1 from app_user where id = $1 for update', [user.id]);
  const sells = await sql.query(
    `select 1 where exists (select 1 from event where organizer_id = $1)
                 or exists (select 1 from venue where organizer_id = $1)
                 or exists (select 1 from seating_plan where organizer_id = $1)`,
    [user.id]
  );
  if (sells.rowCount || user.role === 'admin') return refuse('FORBIDDEN', desk.account_sells());
  const open = await sql.query(
    `select 1 from booking b join show s on s.id = b.show_id
      where b.user_id = $1 and (b.status in ('PENDING', 'REFUND_DUE') or (b.status = 'CONFIRMED' and s.starts_at > now()))
      limit 1`,
    [user.id]
  );
  if (open.rowCount) return refuse('HAS_BOOKINGS', m.bookings_to_come());
  await sql.query('update booking_seat set attendee = null from booking b where b.id = booking_id and b.user_id = $1', [
    user.id
  ]);
  await sql.query(
    `update email_sent set recipient = 'deleted' where lower(recipient) = (select lower(email) from app_user where id = $1)`,
    [user.id]
  );
  // Whatever is held for them is let go by the next round over that waiting list.
  await toLeft(sql, user.id, null);
  await sql.query('update booking set network = null where user_id = $1', [user.id]);
  await sql.query('delete from account_link where user_id = $1', [user.id]);
  await sql.query('delete from user_session where user_id = $1', [user.id]);
  await sql.query('delete from api_token where user_id = $1', [user.id]);
  await sql.query(
    `update app_user set email = 'deleted-' || id || '@invalid', name = 'Deleted account', password_hash = 'deleted',
            deleted_at = now() where id = $1`,
    [user.id]
  );
  return undefined;
}
