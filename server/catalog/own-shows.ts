import type { ShowsQuery } from '#domain/catalog.ts';
import type { ShowId } from '#domain/ids.ts';
import type { EventKind, SaleState } from '#domain/protocol.ts';
import type { Fee, Tax, TicketType } from '#domain/quote.ts';
import { notFound } from '#domain/not-found.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { Fairness } from '#domain/waiting-room.ts';
import { queueToChange } from '../booking/transactions.ts';
import type { Sql } from '../db/database.ts';
import { pattern, sortable } from './cursor.ts';
import { owned, type Manager } from './ownership.ts';
import { readPage, type Page } from './pages.ts';
import { PRICING } from './pricing.ts';

/** A show as its organizer sees it: with everything that can be changed. Times are RFC 3339, money minor units. */
export interface OwnShow extends Fairness {
  id: ShowId;
  event: { id: string; slug: string; title: string; kind: EventKind };
  venue: { id: string; name: string; room: string | null; city: string; timeZone: string };
  plan: { id: string; name: string; capacity: number };
  startsAt: string;
  doorsAt: string | null;
  saleOpensAt: string;
  saleClosesAt: string;
  sale: SaleState;
  seatsPerBuyer: number;
  currency: string;
  /** Minutes before the start until which customers may cancel; null: never. */
  refundUntilMin: number | null;
  cancelled: { at: string; reason: string } | null;
  tiers: { tier: string; name: string; ordinal: number; price: number }[];
  ticketTypes: TicketType[];
  fees: Fee[];
  tax: Tax | null;
  /** Seats in live bookings. */
  booked: number;
  version: number;
}

type Row = Omit<OwnShow, 'startsAt' | 'doorsAt' | 'saleOpensAt' | 'saleClosesAt' | 'cancelled'> & {
  cancelledAt: Date | null;
  cancelReason: string | null;
  startsAt: Date;
  doorsAt: Date | null;
  saleOpensAt: Date;
  saleClosesAt: Date;
};

/** Checkouts wait for it; what makes the live map anew, and only needs the show to keep its plan, does not. */
const LOCK = 'for no key update of s';
const SHOW = `s.id, s.sale, s.seats_per_buyer as "seatsPerBuyer", s.currency, s.version, s.refund_until_min as "refundUntilMin",
  s.room_per_minute as "roomPerMinute", s.room_minutes as "roomMinutes", s.seats_per_network as "seatsPerNetwork",
  s.cool_down_s as "coolDownSeconds", s.cancelled_at as "cancelledAt", s.cancel_reason as "cancelReason",
  s.starts_at as "startsAt", s.doors_at as "doorsAt", s.sale_opens_at as "saleOpensAt", s.sale_closes_at as "saleClosesAt",
  json_build_object('id', e.id, 'slug', e.slug, 'title', e.title, 'kind', e.kind) as event,
  json_build_object('id', v.id, 'name', v.name, 'room', p.room, 'city', v.city, 'timeZone', v.time_zone) as venue,
  json_build_object('id', p.id, 'name', p.name, 'capacity', p.capacity) as plan,
  (select coalesce(json_agg(json_build_object('tier', t.tier, 'name', t.name, 'ordinal', t.ordinal, 'price', t.price)
                            order by t.ordinal, t.tier), '[]')
     from show_tier t where t.show_id = s.id) as tiers,
  ${PRICING},
  (select count(*) from booking_seat b where b.show_id = s.id and b.live) as booked`;
const FROM = `show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
  join seating_plan p on p.id = s.plan_id`;

const toShow = ({ startsAt, doorsAt, saleOpensAt, saleClosesAt, cancelledAt, cancelReason, ...row }: Row): OwnShow => ({
  ...row,
  cancelled: cancelledAt && { at: cancelledAt.toISOString(), reason: cancelReason ?? '' },
  startsAt: startsAt.toISOString(),
  doorsAt: doorsAt?.toISOString() ?? null,
  saleOpensAt: saleOpensAt.toISOString(),
  saleClosesAt: saleClosesAt.toISOString()
});

/** `lock` keeps the show (not its event, venue and plan) as it is until the transaction ends. */
export async function readOwnShow(sql: Sql, by: Manager, id: ShowId, lock = false): Promise<OwnShow | Refusal> {
  if (lock) await queueToChange(sql, id);
  const found = await sql.query<Row>(
    `select ${SHOW} from ${FROM} where s.id = $1 and ${owned('e.organizer_id', 2)} ${lock ? LOCK : ''}`,
    [id, by.owner]
  );
  const [row] = found.rows;
  return row ? toShow(row) : notFound('show');
}

const START = sortable('s.starts_at');
const SORTS: Record<ShowsQuery['sort'], { key: string; order: 'asc' | 'desc' }> = {
  soonest: { key: START, order: 'asc' },
  latest: { key: START, order: 'desc' },
  title: { key: `lower(e.title) || ' ' || ${START}`, order: 'asc' }
};

export async function listOwnShows(sql: Sql, by: Manager, query: ShowsQuery): Promise<Page<OwnShow>> {
  const page = await readPage<Row>(
    sql,
    {
      ...{ columns: SHOW, from: FROM, id: 's.id', ...SORTS[query.sort] },
      where: `${owned('e.organizer_id', 1)}
        and ($2::text is null or e.title ilike $2 or v.name ilike $2 or p.room ilike $2 or v.city ilike $2)
        and ($3::text is null or s.event_id = $3)
        and ($4::text is null or s.venue_id = $4)
        and ($5::text is null or s.sale = $5)
        and ($6 = 'all' or (s.starts_at > now()) = ($6 = 'coming'))`,
      values: [by.owner, pattern(query.q), query.event ?? null, query.venue ?? null, query.sale ?? null, query.when]
    },
    query
  );
  return { ...page, items: page.items.map(toShow) };
}
