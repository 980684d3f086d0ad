import type { UserId } from '#domain/ids.ts';
import type { Database } from '../db/database.ts';

/** All that is stored of a person, to take along. Times are RFC 3339, money is minor units. */
export interface AccountExport {
  account: { id: string; email: string; name: string; role: string; createdAt: string };
  sessions: { since: string; until: string; agent: string }[];
  apiTokens: unknown[];
  bookings: unknown[];
  waiting: unknown[];
  mails: { kind: string; sentAt: string | null }[];
}

export async function exportAccount(db: Database, user: UserId): Promise<AccountExport> {
  // One moment of the database: a booking and its payments are seen together.
  return db.transaction(async (sql) => {
    const found = await sql.query<AccountExport>(
      `select json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'createdAt', u.created_at)
                as account,
              coalesce((select json_agg(json_build_object('since', s.created_at, 'until', s.expires_at, 'agent', s.agent)
                                        order by s.created_at)
                          from user_session s where s.user_id = u.id), '[]') as sessions,
              coalesce((select json_agg(json_build_object('name', t.name, 'scopes', t.scopes, 'since', t.created_at,
                                                          'until', t.expires_at, 'lastUsedAt', t.last_used_at,
                                                          'revokedAt', t.revoked_at) order by t.created_at)
                          from api_token t where t.user_id = u.id), '[]') as "apiTokens",
              coalesce((select json_agg(json_build_object('kind', split_part(m.dedupe_key, ':', 1), 'sentAt', m.sent_at)
                                        order by m.claimed_at)
                          from email_sent m where lower(m.recipient) = lower(u.email)), '[]') as mails,
              coalesce((select json_agg(json_build_object('show', w.show_id, 'event', e.title, 'startsAt', s.starts_at,
                                                          'seats', w.count, 'state', w.state, 'since', w.created_at,
                                                          'offeredAt', w.offered_at, 'endedAt', w.ended_at)
                                        order by w.created_at)
                          from waiting_wish w join show s on s.id = w.show_id join event e on e.id = s.event_id
                         where w.user_id = u.id), '[]') as waiting
         from app_user u where u.id = $1`,
      [user]
    );
    const bookings = await sql.query<{ booking: unknown }>(
      `select json_build_object(
                'id', b.id, 'status', b.status, 'madeAt', b.created_at, 'event', e.title, 'venue', v.name, 'room', h.room,
                'startsAt', s.starts_at, 'timeZone', v.time_zone, 'total', b.total, 'currency', b.currency,
                'seats', (select json_agg(json_build_object('seat', p.label, 'ticketType', bs.ticket_type, 'price', bs.price,
                                                            'discount', bs.discount, 'fees', bs.fees,
                                                            'tax', bs.tax + bs.tax_included, 'attendee', bs.attendee,
                                                            'live', bs.live) order by bs.seat_index)
                            from booking_seat bs
                            join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
                           where bs.booking_id = b.id),
                'payments', (select json_agg(json_build_object('gateway', y.gateway, 'status', y.status,
                                                               'amount', y.amount, 'at', y.created_at)
                                             order by y.created_at) from payment y where y.booking_id = b.id),
                'tickets', (select json_agg(json_build_object('id', t.id, 'checkedInAt', t.checked_in_at, 'voidAt', t.void_at)
                                            order by t.seat_index) from ticket t where t.booking_id = b.id)) as booking
         from booking b join show s on s.id = b.show_id join event e on e.id = s.event_id join venue v on v.id = s.venue_id
              join seating_plan h on h.id = s.plan_id
        where b.user_id = $1 order by b.created_at`,
      [user]
    );
    const [whole] = found.rows;
    if (!whole) throw new Error(`there is no account ${user}`);
    return { ...whole, bookings: bookings.rows.map(({ booking }) => booking) };
  }, 'repeatable read');
}
