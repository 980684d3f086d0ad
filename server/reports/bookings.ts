import type { BookingsQuery } from '#domain/reports.ts';
import { notFound } from '#domain/not-found.ts';
import type { Refusal } from '#domain/refusal.ts';
import { addDays } from '#domain/time.ts';
import type { BookingStatus, PaymentStatus } from '../booking/views.ts';
import { decodeCursor, pattern, sortable, toPage } from '../catalog/cursor.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import { placeOf } from '../catalog/rooms.ts';
import type { Sql } from '../db/database.ts';
import { auditOf, type AuditLine } from './audit-log.ts';
import { mailsOf, type MailState } from './booking-mails.ts';

/** The bookings of what a manager sells. Money is minor units, times are RFC 3339. */
export interface BookingLine {
  id: string;
  status: BookingStatus;
  createdAt: string;
  buyer: { name: string; email: string };
  event: { id: string; title: string };
  show: { id: string; startsAt: string; timeZone: string };
  /** With its room. */
  venue: string;
  seats: number;
  total: number;
  currency: string;
}

export interface BookingDetails extends BookingLine {
  confirmedAt: string | null;
  expiresAt: string;
  lines: {
    index: number;
    label: string;
    tier: string;
    ticketType: string | null;
    /** In all: basePrice − discount + fees + tax. */
    price: number;
    basePrice: number;
    discount: number;
    fees: number;
    tax: number;
    live: boolean;
    ticketId: string | null;
    checkedInAt: string | null;
  }[];
  payments: {
    id: string;
    /** It is for the difference of this move to dearer seats. */
    moveId: string | null;
    gateway: string;
    reference: string | null;
    status: PaymentStatus;
    amount: number;
    currency: string;
    createdAt: string;
    settledAt: string | null;
  }[];
  mails: MailState[];
  history: AuditLine[];
}

const LINE = `b.id, b.status, b.created_at as "createdAt", b.total, b.currency, ${placeOf('h')} as venue,
  json_build_object('name', u.name, 'email', u.email) as buyer,
  json_build_object('id', e.id, 'title', e.title) as event,
  json_build_object('id', s.id, 'startsAt', to_char(s.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                    'timeZone', v.time_zone) as show,
  (select count(*) from booking_seat bs where bs.booking_id = b.id) as seats`;
export const BOOKINGS_FROM = `booking b join app_user u on u.id = b.user_id join show s on s.id = b.show_id
  join event e on e.id = s.event_id join venue v on v.id = s.venue_id join seating_plan h on h.id = s.plan_id`;

/** The ticket of a booked seat `bs`: the valid one, else the last there was. One that was moved leaves void ones behind. */
export const TICKET_OF_SEAT = `select id, checked_in_at from ticket
  where booking_id = bs.booking_id and seat_index = bs.seat_index order by void_at desc nulls first limit 1`;

type LineRow = Omit<BookingLine, 'createdAt'> & { createdAt: Date };
const MADE = sortable('b.created_at');
/** What `MADE` says, read back, so that the index on the moment itself finds the page. */
const moment = (parameter: string) => `(to_timestamp(left(${parameter}, 14), 'YYYYMMDDHH24MISS')::timestamp
  at time zone 'UTC' + make_interval(secs => right(${parameter}, 6)::float8 / 1000000))`;

export const BOOKINGS_FILTER = `${owned('e.organizer_id', 1)}
  and ($2::text is null or b.user_id in (select id from app_user where name ilike $2 or email ilike $2)
       or b.id::text like $3)
  and ($4::text is null or s.event_id = $4) and ($5::text is null or s.id = $5)
  and ($6::text is null or b.status = $6)
  and ($7::timestamptz is null or b.created_at >= $7) and ($8::timestamptz is null or b.created_at < $8)`;

export function bookingsValues(by: Manager, query: BookingsQuery) {
  const q = query.q?.toLowerCase();
  const day = (date: string | undefined, later = 0) => (date ? `${addDays(date, later)}T00:00Z` : null);
  return [
    ...[by.owner, pattern(q), q && /^[0-9a-f-]{4,36}$/.test(q) ? `${q}%` : null],
    ...[query.event ?? null, query.show ?? null, query.status ?? null, day(query.from), day(query.to, 1)]
  ];
}

export async function listBookings(sql: Sql, by: Manager, query: BookingsQuery) {
  const after = decodeCursor(query.cursor);
  const known = after && /^\d{20}$/.test(after[0]) && /^[0-9a-f-]{36}$/.test(after[1]) ? after : null;
  const { rows } = await sql.query<LineRow & { key: string }>(
    `select ${LINE}, ${MADE} as key from ${BOOKINGS_FROM}
      where ${BOOKINGS_FILTER}
        and ($9::text is null or (b.created_at, b.id) < (${moment('$9')}, $10::uuid))
      order by b.created_at desc, b.id desc limit $11`,
    [...bookingsValues(by, query), ...[known?.[0] ?? null, known?.[1] ?? null, query.limit + 1]]
  );
  const page = toPage(rows, query.limit);
  return { items: page.rows.map(({ key: _, ...row }) => toLine(row)), next: page.next };
}

const toLine = ({ createdAt, ...row }: LineRow): BookingLine => ({ ...row, createdAt: createdAt.toISOString() });

/** One booking with everything that happened to it. Refuses NOT_FOUND. */
export async function readBookingDetails(sql: Sql, by: Manager, id: string): Promise<BookingDetails | Refusal> {
  const found = await sql.query<LineRow & { confirmedAt: Date | null; expiresAt: Date }>(
    `select ${LINE}, b.confirmed_at as "confirmedAt", b.expires_at as "expiresAt" from ${BOOKINGS_FROM}
      where b.id = $1 and ${owned('e.organizer_id', 2)}`,
    [id, by.owner]
  );
  const [row] = found.rows;
  if (!row) return notFound('booking');
  const [lines, payments, mails, history] = await Promise.all([
    sql.query<Omit<BookingDetails['lines'][number], 'checkedInAt'> & { checkedInAt: Date | null }>(
      `select bs.seat_index as index, p.label, coalesce(t.name, p.tier) as tier, bs.ticket_type as "ticketType", bs.price,
              bs.base_price as "basePrice", bs.discount, bs.fees, bs.tax, bs.live, k.id as "ticketId",
              k.checked_in_at as "checkedInAt"
         from booking_seat bs
         join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
         left join show_tier t on t.show_id = bs.show_id and t.tier = p.tier
         left join lateral (${TICKET_OF_SEAT}) k on true
        where bs.booking_id = $1 order by bs.seat_index`,
      [id]
    ),
    sql.query<
      Omit<BookingDetails['payments'][number], 'createdAt' | 'settledAt'> & { createdAt: Date; settledAt: Date | null }
    >(
      `select id, move_id as "moveId", gateway, gateway_ref as reference, status, amount, currency, created_at as "createdAt",
              settled_at as "settledAt" from payment where booking_id = $1 order by created_at, id`,
      [id]
    ),
    mailsOf(sql, id),
    auditOf(sql, by, 'booking', id)
  ]);
  const { confirmedAt, expiresAt, ...line } = row;
  return {
    ...toLine(line),
    ...{ confirmedAt: confirmedAt?.toISOString() ?? null, expiresAt: expiresAt.toISOString() },
    lines: lines.rows.map((seat) => ({ ...seat, checkedInAt: seat.checkedInAt?.toISOString() ?? null })),
    payments: payments.rows.map((payment) => ({
      ...payment,
      createdAt: payment.createdAt.toISOString(),
      settledAt: payment.settledAt?.toISOString() ?? null
    })),
    ...{ mails, history }
  };
}
