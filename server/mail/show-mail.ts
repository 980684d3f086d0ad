import type { BookingView } from '../booking/views.ts';
import { factsOfShow, type ShowFacts } from '../catalog/show-changes.ts';
import type { Database } from '../db/database.ts';
import { reminderLetter } from './templates/reminder.ts';
import { differencesOf, showChangedLetter } from './templates/show-changed.ts';
import type { Letter } from './transport.ts';

/** What people who have booked are told of their show: that it has changed, and that it is tomorrow. */
export interface ShowMail {
  showChanged(bookingId: string, changeId: number): Promise<void>;
  reminder(bookingId: string): Promise<void>;
}

/** Ten in the morning of the day before, by the clock of the venue. `s` is the show, `v` its venue. */
export const REMIND_AT = `(((s.starts_at at time zone v.time_zone)::date - 1 + time '10:00') at time zone v.time_zone)`;

export function createShowMail(parts: {
  db: Database;
  origin: string;
  /** Writes to the person who booked, once for each key; a letter of null has nothing to say any more. */
  write: (
    dedupeKey: string,
    bookingId: string,
    letterFor: (name: string, booking: BookingView) => Promise<Letter | null>
  ) => Promise<void>;
}): ShowMail {
  const { db, origin, write } = parts;
  const takesPlace = ({ status, show }: BookingView) =>
    status === 'CONFIRMED' && show.cancelled === null && new Date(show.startsAt) > new Date();

  /**
   * From what this booking was last told to what the show has become. Null when a later change tells of it: mails that
   * have waited for a mail server would else arrive in any order, and the last one not be the truth.
   */
  async function readNews(booking: BookingView, changeId: number) {
    const found = await db.query<{ was: ShowFacts; becomes: ShowFacts }>(
      `with since as (
         select c.* from show_change c
          where c.show_id = $2 and c.at >= $3 and c.id > coalesce((
                  select max(split_part(m.dedupe_key, ':', 3)::bigint) from email_sent m
                   where split_part(m.dedupe_key, ':', 2) = $4 and m.dedupe_key like 'show-changed:%' and m.sent_at is not null), 0)
       )
       select (select was from since order by id limit 1) as was, c.becomes
         from since c where c.id = $1 and not exists (select 1 from since later where later.id > c.id)`,
      [changeId, booking.showId, booking.createdAt, booking.id]
    );
    return found.rows[0] ?? null;
  }

  async function reminderTime(bookingId: string) {
    const found = await db.query<{ due: boolean; tomorrow: boolean }>(
      `select ${REMIND_AT} <= now() as due,
              (s.starts_at at time zone v.time_zone)::date > (now() at time zone v.time_zone)::date as tomorrow
         from booking b join show s on s.id = b.show_id join venue v on v.id = s.venue_id where b.id = $1`,
      [bookingId]
    );
    return found.rows[0] ?? { due: false, tomorrow: false };
  }

  return {
    showChanged: (bookingId, changeId) =>
      write(`show-changed:${bookingId}:${changeId}`, bookingId, async (name, booking) => {
        if (!takesPlace(booking)) return null;
        const news = await readNews(booking, changeId);
        const differences = news ? differencesOf(news.was, news.becomes) : [];
        // Changed back before anybody was told.
        return differences.length > 0 ? showChangedLetter({ name, booking, differences, origin }) : null;
      }),

    reminder: (bookingId) =>
      write(`reminder:${bookingId}`, bookingId, async (name, booking) => {
        if (!takesPlace(booking)) return null;
        const { due, tomorrow } = await reminderTime(bookingId);
        if (!due) {
          // Moved away while the mail waited: it is reminded on the day before the new one.
          await db.query('delete from reminder where booking_id = $1', [bookingId]);
          return null;
        }
        const facts = await factsOfShow(db, booking.showId);
        const day = tomorrow ? 'Tomorrow' : 'Today';
        return reminderLetter({ name, booking, doorsAt: facts?.doorsAt ?? null, day, origin });
      })
  };
}
