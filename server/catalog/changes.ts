import * as m from '#domain/messages/compiled/refusals_desk.js';
import type { UserId } from '#domain/ids.ts';
import { isRefusal, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import { Rollback, violatedConstraint, type Database, type Sql } from '../db/database.ts';
import { announceShow } from '../webhooks/announce.ts';
import { noteChange } from './touched.ts';

/** How everything on the desk is changed: in one transaction with its line in the audit log, or not at all. */

export const invalid = (path: string, message: string) =>
  refuse('INVALID', m.not_valid(), { errors: [{ path, message }] });

export const hasBookings = () => refuse('HAS_BOOKINGS', m.bookings_kept(), { cancel: true });

export const hasShows = () => refuse('HAS_SHOWS', m.venue_has_shows());

const planOfMoves = () => refuse('HAS_BOOKINGS', m.plan_of_moves());

/** What the database's own rules say to a person. */
const REFUSED_BY: Readonly<Record<string, () => Refusal>> = {
  booking_show_id_fkey: hasBookings,
  booking_seat_show_id_plan_id_fkey: hasBookings,
  // Versions of a plan whose seats bookings were moved among, or were to be, are a part of their history.
  ...{ booking_move_plan: planOfMoves, paid_move_plan: planOfMoves, paid_move_seat_new: planOfMoves },
  // A show that was made in the very moment of the deletion.
  show_venue_id_fkey: hasShows,
  show_event_id_fkey: () => refuse('NOT_FOUND', m.event_gone()),
  show_plan_id_fkey: hasShows,
  cancelled_show_closed: showCancelled,
  show_sale_window: () => invalid('saleClosesAt', 'must come after the sale opens'),
  one_code_per_organizer: () => invalid('code', 'is one of your codes already'),
  one_embed_site_per_origin: () => invalid('origin', 'is on your list already'),
  promo_window: () => invalid('endsAt', 'must come after the start'),
  promo_uses_left: () => invalid('usesMax', 'must not be less than it has been used already'),
  show_doors_first: () => invalid('doorsAt', 'must not come after the start'),
  // A room that was taken away, or got its first plan, in the very moment of the other.
  seating_plan_room_fkey: () => refuse('CHANGED_MEANWHILE', m.rooms_changed()),
  seating_plan_venue_id_fkey: () => refuse('NOT_FOUND', m.venue_gone())
};

/** Runs `work` in a transaction; a refusal, returned or from one of the database's constraints, undoes all of it. */
export async function change<T>(db: Database, work: (sql: Sql) => Promise<T | Refusal>): Promise<T | Refusal> {
  try {
    return await db.transaction(async (sql) => {
      const done = await work(sql);
      if (isRefusal(done)) throw new Rollback<T | Refusal>(done);
      return done;
    });
  } catch (error) {
    const refusal = REFUSED_BY[violatedConstraint(error) ?? ''];
    if (refusal) return refusal();
    throw error;
  }
}

/** Refuses CHANGED_MEANWHILE, with what is there now, when it is not what the caller had read. */
export function outdated<T extends { version: number }>(current: T, read: number | undefined): Refusal | undefined {
  if (read === undefined || read === current.version) return undefined;
  return refuse('CHANGED_MEANWHILE', m.changed_meanwhile(), {
    current
  });
}

type Kind = 'venue' | 'plan' | 'event' | 'show' | 'promo' | 'booking' | 'user' | 'token' | 'webhook' | 'site';

/** Whose a thing is ($2 its id): the line stays theirs when the thing is gone. Users belong to nobody. */
const OWNER: Readonly<Record<Kind, string>> = {
  venue: '(select organizer_id from venue where id = $2)',
  plan: '(select organizer_id from seating_plan where id = $2)',
  event: '(select organizer_id from event where id = $2)',
  show: '(select e.organizer_id from show s join event e on e.id = s.event_id where s.id = $2)',
  promo: '(select organizer_id from promo_code where id = $2)',
  booking: `(select e.organizer_id from booking b join show s on s.id = b.show_id join event e on e.id = s.event_id
              where b.id = ($2::text)::uuid)`,
  user: 'null::uuid',
  token: '(select user_id from api_token where id = $2)',
  webhook: '(select owner_id from webhook_endpoint where id = $2)',
  site: '(select owner_id from embed_site where id = $2)'
};

/**
 * Who did what: the thing as it was (null: it was made) and as it is (null: it is gone). `action` names what is more
 * than creating, updating or deleting: 'pause', 'block seats', 'give role'. Write the line of a deletion before the
 * deletion: whose thing it was is read from the thing itself.
 */
export async function audit(
  sql: Sql,
  by: { user: UserId; owner?: UserId | null },
  kind: Kind,
  id: string,
  before: object | null,
  after: object | null,
  action = before === null ? 'create' : after === null ? 'delete' : 'update'
): Promise<void> {
  noteChange(sql, kind, id, before, after);
  if (kind === 'show') await announceShow(sql, id, action);
  await sql.query(
    `insert into audit_log (user_id, kind, thing_id, action, before, after, organizer_id)
     values ($1, $3, $2::text, $4, $5, $6, coalesce(${OWNER[kind]}, $7))`,
    [by.user, id, kind, action, before && JSON.stringify(before), after && JSON.stringify(after), by.owner ?? null]
  );
}
