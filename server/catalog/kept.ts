import type { ShowId } from '#domain/ids.ts';
import { PLAIN, type Pricing } from '#domain/pricing.ts';
import type { EventsQuery } from '#domain/protocol.ts';
import type { Fresh } from '../cache/cache.ts';
import { CATALOGUE } from '../cache/versions.ts';
import type { Sql } from '../db/database.ts';
import { bannerOf } from '../pictures/banner.ts';
import type { EventSummary, ShowDetail, ShowSummary } from './catalog.ts';
import { EVENT, listEvents, type EventRow } from './event-list.ts';
import { readShows, type ShowRow } from './show-rows.ts';
import { PRICING } from './pricing.ts';
import { tagOf } from './touched.ts';

/**
 * The catalogue as it is kept in the cache: plain JSON, with the tags of what it was made of. What changes with every
 * click (seats left, shares sold) is not in it; catalog.ts adds that each time.
 */
export type KeptShow = Omit<ShowSummary, 'available'>;
export type KeptEvent = Omit<EventSummary, 'nextShow' | 'soldShare'> & { nextShow: KeptShow | null };
type KeptDetail = KeptEvent & { version: number; shows: KeptShow[] };

const showOf = (row: ShowRow): KeptShow => ({
  ...{ id: row.id, startsAt: row.starts_at.toISOString(), timeZone: row.time_zone },
  venue: { id: row.venue_id, name: row.venue_name, room: row.room, city: row.city },
  ...{ currency: row.currency, priceFrom: row.price_from, capacity: row.capacity, sale: row.sale },
  cancelled: row.cancel_reason === null ? null : { reason: row.cancel_reason }
});

const eventOf = (row: EventRow, next: ShowRow | undefined): KeptEvent => ({
  ...{ id: row.id, slug: row.slug, kind: row.kind, title: row.title, performers: row.performers },
  ...{ description: row.description, durationMin: row.duration_min, rating: row.rating, tags: row.tags },
  banner: bannerOf(row),
  nextShow: next ? showOf(next) : null,
  showCount: row.show_count
});

/** A show that begins is none to come any more. */
const untilFirst = (shows: readonly ShowRow[]) =>
  shows.length > 0 ? Math.min(...shows.map((show) => show.starts_at.getTime())) : undefined;

export async function readEventPage(
  sql: Sql,
  query: EventsQuery
): Promise<Fresh<{ items: KeptEvent[]; next: string | null }>> {
  const page = await listEvents(sql, query);
  const shows = await readShows(sql, { ids: page.rows.flatMap(({ next_show }) => next_show ?? []) });
  const byId = new Map(shows.map((row) => [row.id, row]));
  return {
    value: { items: page.rows.map((row) => eventOf(row, byId.get(row.next_show ?? ''))), next: page.next },
    tags: [CATALOGUE],
    until: untilFirst(shows)
  };
}

export async function readEvent(sql: Sql, idOrSlug: string): Promise<Fresh<KeptDetail> | null> {
  const found = await sql.query<EventRow>(
    // A slug can look like the id of another event, whose address it must not take.
    `select ${EVENT}, null as next_show, 0 as show_count from event e where e.slug = $1 or e.id = $1
      order by (e.id = $1) desc limit 1`,
    [idOrSlug]
  );
  const [row] = found.rows;
  if (!row) return null;
  const rows = await readShows(sql, { event: row.id });
  const next = rows.find((show) => show.cancel_reason === null);
  const event = eventOf({ ...row, show_count: rows.length }, next);
  return {
    value: { ...event, version: row.version, shows: rows.map(showOf) },
    tags: [
      tagOf.event(row.id),
      ...rows.map(({ id }) => tagOf.show(id)),
      ...new Set(rows.map(({ venue_id }) => tagOf.venue(venue_id)))
    ],
    until: untilFirst(rows)
  };
}

export async function readShow(sql: Sql, id: ShowId): Promise<Fresh<Omit<ShowDetail, 'available' | 'counts'>> | null> {
  const [row] = await readShows(sql, { ids: [id] });
  if (!row) return null;
  const tiers = await sql.query<ShowDetail['tiers'][number]>(
    'select tier, name, ordinal, price from show_tier where show_id = $1 order by ordinal, tier',
    [id]
  );
  const pricing = await sql.query<Pricing>(`select ${PRICING} from show s where s.id = $1`, [id]);
  return {
    value: {
      ...showOf(row),
      ...(pricing.rows[0] ?? PLAIN),
      event: {
        ...{ id: row.event_id, slug: row.event_slug, title: row.title, kind: row.kind, banner: bannerOf(row) },
        ...{ durationMin: row.duration_min, rating: row.rating, organizerId: row.organizer_id }
      },
      ...{
        version: row.version,
        terms: row.terms,
        planId: row.plan_id,
        venueAddress: row.address,
        seatsPerBuyer: row.seats_per_buyer,
        waitingRoom: row.waiting_room
      },
      doorsAt: row.doors_at?.toISOString() ?? null,
      saleOpensAt: row.sale_opens_at.toISOString(),
      saleClosesAt: row.sale_closes_at.toISOString(),
      tiers: tiers.rows
    },
    tags: [tagOf.show(id), tagOf.event(row.event_id), tagOf.venue(row.venue_id)]
  };
}

export async function readCities(sql: Sql): Promise<Fresh<string[]>> {
  const found = await sql.query<{ city: string }>(
    `select distinct v.city from show s join venue v on v.id = s.venue_id
      where s.starts_at > now() and s.cancelled_at is null order by 1`
  );
  return { value: found.rows.map(({ city }) => city), tags: [CATALOGUE] };
}
