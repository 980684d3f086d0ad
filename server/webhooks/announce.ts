import type { ShowId } from '#domain/ids.ts';
import type { WebhookEvent } from '#domain/webhooks.ts';
import type { Sql } from '../db/database.ts';

/**
 * What integrators are to be told is written down in the transaction of the change itself, so it is told if, and only
 * if, the change is there. Where nobody listens to it, nothing is written.
 */
export const ENDPOINT_HEARS = (type: string, organizer: string) =>
  `w.active and ${type} = any(w.events) and u.deleted_at is null and u.suspended_at is null
    and (u.role = 'admin' or (u.role = 'organizer' and u.id = ${organizer}))`;

/**
 * SQL that writes down one message for each row of `rows` (show_id, key, data): part of a larger statement, or a whole
 * one. The same `key` is told once.
 */
export const announcing = (type: WebhookEvent, rows: string) => `
  insert into outbox (dedupe_key, kind, payload)
  select 'webhook.event:${type}:' || x.key, 'webhook.event',
         jsonb_build_object('key', '${type}:' || x.key, 'type', '${type}', 'at', clock_timestamp(),
                            'organizerId', e.organizer_id,
                            'data', jsonb_build_object('showId', s.id, 'eventId', e.id) || x.data)
    from (${rows}) as x (show_id, key, data)
    join show s on s.id = x.show_id
    join event e on e.id = s.event_id
   where exists (select 1 from webhook_endpoint w join app_user u on u.id = w.owner_id
                  where ${ENDPOINT_HEARS(`'${type}'`, 'e.organizer_id')})
  on conflict (dedupe_key) do nothing`;

/** `announce(sql, 'booking.confirmed', { show, key: bookingId, data: { bookingId } })` */
export async function announce(
  sql: Sql,
  type: WebhookEvent,
  what: { show: ShowId; key: string; data: Readonly<Record<string, unknown>> }
): Promise<void> {
  await sql.query(announcing(type, 'select $1::text, $2::text, $3::jsonb'), [
    what.show,
    what.key,
    JSON.stringify(what.data)
  ]);
}

/** The same, of a booking, with what it is about. */
export async function announceBooking(
  sql: Sql,
  type: 'booking.confirmed' | 'booking.cancelled',
  bookingId: string
): Promise<void> {
  await sql.query(
    announcing(
      type,
      `select b.show_id, b.id::text, jsonb_build_object('bookingId', b.id, 'seats', count(t.id),
              'total', b.total, 'currency', b.currency)
         from booking b left join ticket t on t.booking_id = b.id where b.id = $1 group by b.id`
    ),
    [bookingId]
  );
}

/** Which lines of the audit log are news of a show. */
const NEWS: Readonly<Record<string, WebhookEvent>> = {
  ...{ create: 'show.created', update: 'show.changed', delete: 'show.deleted', cancel: 'show.cancelled' },
  ...{ 'pause sale': 'show.changed', 'resume sale': 'show.changed', 'close sale': 'show.changed' },
  'change plan': 'show.changed'
};

/** Every change of a show has a line in the audit log, and with it becomes news. */
export async function announceShow(sql: Sql, show: ShowId, action: string): Promise<void> {
  const type = NEWS[action];
  if (type !== undefined) await announce(sql, type, { show, key: crypto.randomUUID(), data: { change: action } });
}
