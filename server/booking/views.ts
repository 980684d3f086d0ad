import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { cancellableUntil } from '#domain/refunds.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import { BANNER, bannerOf, type Banner, type BannerRow } from '../pictures/banner.ts';
import { CHARGES, receiptOf, type Charge, type Receipt } from './receipt.ts';

/** How bookings and payments look to their user. Money is minor units, times are RFC 3339. */
export type BookingStatus = 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'EXPIRED' | 'REFUND_DUE' | 'REFUNDED';
export type PaymentStatus = 'PENDING' | 'SUCCESS' | 'FAILED' | 'REFUNDED';

export interface BookedSeat {
  index: SeatIndex;
  label: string;
  short: string;
  tierName: string;
  /** Adult, child …; null where the show had no such thing. */
  ticketType: string | null;
  /** What it cost in all: basePrice − discount + fees + tax. */
  price: number;
  /** By tier and ticket type. */
  basePrice: number;
  discount: number;
  fees: number;
  /** Tax that was added. */
  tax: number;
}

export interface BookingView {
  id: string;
  status: BookingStatus;
  showId: ShowId;
  seats: SeatIndex[];
  /** The same seats with their names and prices. */
  lines: BookedSeat[];
  /** Seats that a confirmed booking had, and that were given back one by one. */
  returned: BookedSeat[];
  total: number;
  /** What the total is made of, as it was charged; giving seats back changes nothing of it. */
  receipt: Receipt;
  /** How much of the total has gone back or is on its way. What cheaper seats left over is no part of the total. */
  refunded: number;
  currency: string;
  expiresAt: string;
  createdAt: string;
  confirmedAt: string | null;
  holdId: HoldId;
  /** Until when its user may cancel it and be refunded; null: not at all, because the show has no such terms or the booking is not confirmed. */
  cancellableUntil: string | null;
  show: {
    startsAt: string;
    /** Null unless the show does not take place. */
    cancelled: { at: string; reason: string } | null;
    timeZone: string;
    venueName: string;
    room: string | null;
    venueAddress: string;
    city: string;
    eventTitle: string;
    eventSlug: string;
    banner: Banner | null;
  };
}

export interface PaymentView {
  id: string;
  status: PaymentStatus;
  /** Where to pay; null until the gateway has answered, and once nothing is left to pay. May be a path on this site. */
  redirectUrl: string | null;
  amount: number;
  currency: string;
}

export interface BookingRow extends BannerRow {
  id: string;
  status: BookingStatus;
  show_id: ShowId;
  hold_id: HoldId;
  total: number;
  currency: string;
  expires_at: Date;
  created_at: Date;
  confirmed_at: Date | null;
  position: string;
  begins: string;
  refunded: number;
  starts_at: Date;
  refund_until_min: number | null;
  cancelled_at: Date | null;
  cancel_reason: string | null;
  time_zone: string;
  venue_name: string;
  room: string | null;
  venue_address: string;
  city: string;
  event_title: string;
  event_slug: string;
  lines: (BookedSeat & { live: boolean })[];
  promo_code: string | null;
  charges: Charge[];
}

export const BOOKING = `
  select b.id, b.status, b.show_id, b.hold_id, b.total, b.currency, b.expires_at, b.created_at, b.confirmed_at,
         b.created_at::text as position, s.starts_at::text as begins, s.starts_at, s.refund_until_min,
         s.cancelled_at, s.cancel_reason, v.time_zone, v.name as venue_name, h.room, v.address as venue_address,
         v.city, e.title as event_title, e.slug as event_slug, ${BANNER},
         (select coalesce(sum(amount), 0)::bigint from refund where booking_id = b.id and move_id is null
             and paid_move_id is null) as refunded,
         b.promo_code, ${CHARGES},
         (select json_agg(json_build_object('index', bs.seat_index, 'label', p.label, 'short', p.short,
                                            'tierName', coalesce(t.name, p.tier), 'ticketType', bs.ticket_type,
                                            'price', bs.price, 'basePrice', bs.base_price, 'discount', bs.discount,
                                            'fees', bs.fees, 'tax', bs.tax, 'live', bs.live)
                          order by bs.seat_index)
            from booking_seat bs
            join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
            left join show_tier t on t.show_id = bs.show_id and t.tier = p.tier
           where bs.booking_id = b.id) as lines
    from booking b
    join show s on s.id = b.show_id
    join venue v on v.id = s.venue_id
    join seating_plan h on h.id = s.plan_id
    join event e on e.id = s.event_id`;

/** What a confirmed booking has not any more is no seat of it; one that is over shows what it had. */
function split({ status, lines }: BookingRow) {
  const seats = lines.map(({ live, ...seat }) => ({ live: live || status !== 'CONFIRMED', seat }));
  const having = (wanted: boolean) => seats.filter(({ live }) => live === wanted).map(({ seat }) => seat);
  return { lines: having(true), returned: having(false) };
}

export const toBooking = (row: BookingRow, parts = split(row)): BookingView => ({
  id: row.id,
  status: row.status,
  showId: row.show_id,
  seats: parts.lines.map(({ index }) => index),
  ...parts,
  total: row.total,
  receipt: receiptOf(row.lines, row.charges, row.promo_code),
  refunded: row.refunded,
  currency: row.currency,
  expiresAt: row.expires_at.toISOString(),
  createdAt: row.created_at.toISOString(),
  confirmedAt: row.confirmed_at?.toISOString() ?? null,
  holdId: row.hold_id,
  cancellableUntil:
    row.status === 'CONFIRMED' ? (cancellableUntil(row.starts_at, row.refund_until_min)?.toISOString() ?? null) : null,
  show: {
    startsAt: row.starts_at.toISOString(),
    cancelled: row.cancelled_at && { at: row.cancelled_at.toISOString(), reason: row.cancel_reason ?? '' },
    timeZone: row.time_zone,
    venueName: row.venue_name,
    room: row.room,
    venueAddress: row.venue_address,
    city: row.city,
    eventTitle: row.event_title,
    eventSlug: row.event_slug,
    banner: bannerOf(row)
  }
});

/** `user` null reads any booking: for mails, never for a request. */
export async function readBooking(sql: Sql, id: string, user: UserId | null): Promise<BookingView | null> {
  const found = await sql.query<BookingRow>(`${BOOKING} where b.id = $1 and ($2::uuid is null or b.user_id = $2)`, [
    id,
    user
  ]);
  return found.rows[0] ? toBooking(found.rows[0]) : null;
}

export interface PaymentRow {
  id: string;
  booking_id: string;
  gateway: string;
  status: PaymentStatus;
  redirect_url: string | null;
  amount: number;
  currency: string;
}

export const toPayment = (row: PaymentRow): PaymentView => ({
  id: row.id,
  status: row.status,
  redirectUrl: row.status === 'PENDING' ? row.redirect_url : null,
  amount: row.amount,
  currency: row.currency
});

const PAYMENT = 'select id, booking_id, gateway, status, redirect_url, amount, currency from payment';

/** The payment of the booking itself that counts: the one that succeeded, else the latest try. */
export async function readPaymentOf(sql: Sql, bookingId: string): Promise<PaymentView | null> {
  const found = await sql.query<PaymentRow>(
    `${PAYMENT} where booking_id = $1 and move_id is null
      order by (status in ('SUCCESS', 'REFUNDED')) desc, (status = 'PENDING') desc, created_at desc limit 1`,
    [bookingId]
  );
  return found.rows[0] ? toPayment(found.rows[0]) : null;
}

/** With the booking, or the move of it (`moveId`), that it is for: whether that still waits for it, and until when. */
export interface PaymentOf {
  payment: PaymentView;
  bookingId: string;
  gateway: string;
  moveId: string | null;
  waits: boolean;
  until: Date;
}

export async function readPayment(sql: Sql, id: string): Promise<PaymentOf | null> {
  const found = await sql.query<PaymentRow & { move_id: string | null; waits: boolean; until: Date }>(
    `select p.id, p.booking_id, p.gateway, p.status, p.redirect_url, p.amount, p.currency, p.move_id,
            coalesce(m.status, b.status) = 'PENDING' as waits, coalesce(m.expires_at, b.expires_at) as until
       from payment p join booking b on b.id = p.booking_id left join paid_move m on m.id = p.move_id where p.id = $1`,
    [id]
  );
  const [row] = found.rows;
  if (!row) return null;
  const { booking_id: bookingId, gateway, move_id: moveId, waits, until } = row;
  return { payment: toPayment(row), bookingId, gateway, moveId, waits, until };
}
