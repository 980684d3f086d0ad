import { enqueueAll } from '../booking/outbox.ts';
import type { Sql } from '../db/database.ts';
import { REMIND_AT } from '../mail/show-mail.ts';
import type { JobParts } from './parts.ts';

const PORTION = 500;

/**
 * Writes down a reminder for each booking whose show is tomorrow, there. What is due is asked of Postgres each time, so
 * nothing has to be planned again when a show moves, and a worker that was away at the hour does it when it is back, as
 * long as the show has not begun. Who booked after that hour has just been told when it is, and is not reminded.
 * `at` stands for now.
 */
export async function remind({ db, log }: Pick<JobParts, 'db' | 'log'>, at: Date | null = null): Promise<number> {
  let count = 0;
  for (;;) {
    const reminded = await db.transaction((sql) => remindSome(sql, at));
    count += reminded;
    if (reminded < PORTION) break;
  }
  if (count > 0) log.info({ bookings: count }, 'reminders of tomorrow’s shows are on their way');
  return count;
}

async function remindSome(sql: Sql, at: Date | null): Promise<number> {
  // Two workers may ask at once: the key of the table lets one of them have each booking.
  const { rows } = await sql.query<{ booking_id: string; id: string }>(
    `insert into reminder (booking_id)
     select b.id
       from show s
       join venue v on v.id = s.venue_id
       join booking b on b.show_id = s.id and b.status = 'CONFIRMED' and b.confirmed_at < ${REMIND_AT}
      where s.starts_at > coalesce($1, now()) and s.starts_at < coalesce($1, now()) + interval '3 days'
        and s.cancelled_at is null and ${REMIND_AT} <= coalesce($1, now())
        and not exists (select 1 from reminder r where r.booking_id = b.id)
      order by b.id limit ${PORTION}
     on conflict do nothing
     returning booking_id, id`,
    [at]
  );
  await enqueueAll(
    sql,
    'mail.reminder',
    rows.map(({ booking_id, id }) => ({ payload: { bookingId: booking_id }, dedupeKey: `${booking_id}:${id}` }))
  );
  return rows.length;
}
