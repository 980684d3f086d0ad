import { createHash } from 'node:crypto';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { ShowId } from '#domain/ids.ts';
import type { Plan, SeatName } from '#domain/plan.ts';
import type { EventKind, EventsQuery, SaleState } from '#domain/protocol.ts';
import type { EarlierPrice } from '#domain/price.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { SeatCounts, SeatIndex } from '#domain/seat-map.ts';
import type { User } from '../accounts/accounts.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { readEarlierPrices } from './earlier-prices.ts';
import { listEvents, type EventRow } from './event-list.ts';
import { readPlanText } from './plans.ts';
import { managerOf, owned } from './ownership.ts';
import { countBooked, readShows, type ShowRow } from './show-rows.ts';

/** What is on, where and for how much. Seats left come from the live maps; while Redis is away they are null. */
export interface ShowSummary {
  id: ShowId;
  startsAt: string;
  timeZone: string;
  venue: { id: string; name: string; city: string };
  currency: string;
  priceFrom: number | null;
  available: number | null;
  capacity: number;
  sale: SaleState;
}

export interface EventSummary {
  id: string;
  slug: string;
  kind: EventKind;
  title: string;
  performers: string;
  description: string;
  durationMin: number | null;
  rating: string;
  tags: string[];
  banner: string | null;
  nextShow: ShowSummary | null;
  showCount: number;
  /** 0 … 1 of the next show's seats, or null when nobody can say. */
  soldShare: number | null;
}

export interface EventDetail extends EventSummary {
  version: number;
  shows: ShowSummary[];
}

export interface ShowDetail extends ShowSummary {
  event: {
    id: string;
    slug: string;
    title: string;
    kind: EventKind;
    banner: string | null;
    durationMin: number | null;
    rating: string;
    organizerId: string;
  };
  version: number;
  /** Goes up with each change of a price. */
  terms: number;
  planId: string;
  venueAddress: string;
  seatsPerBuyer: number;
  doorsAt: string | null;
  saleOpensAt: string;
  saleClosesAt: string;
  tiers: { tier: string; name: string; ordinal: number; price: number }[];
  counts: SeatCounts | null;
}

export interface OrganizerShow extends ShowSummary {
  eventTitle: string;
  eventSlug: string;
  counts: SeatCounts | null;
}

export interface PlanBody {
  etag: string;
  json: Buffer;
  gzip: Buffer;
}

export interface Catalog {
  /** Events with shows to come. Cursor pages: what is added meanwhile neither repeats nor hides an event. */
  events(query: EventsQuery): Promise<{ items: EventSummary[]; next: string | null }>;
  event(idOrSlug: string): Promise<EventDetail | null>;
  show(id: ShowId): Promise<ShowDetail | null>;
  /** A published plan as it travels: it never changes, so it is kept ready in both forms. */
  planBody(planId: string): Promise<PlanBody | null>;
  plan(planId: string): Promise<Plan | null>;
  cities(): Promise<string[]>;
  seatNames(planId: string, seats: readonly SeatIndex[]): Promise<Map<SeatIndex, SeatName>>;
  /** What the tiers cost at earlier terms: a hold keeps the prices it was shown. */
  earlierPrices(show: ShowId, since: number): Promise<EarlierPrice[]>;
  organizerShows(user: User): Promise<OrganizerShow[]>;
  /** Admins manage all shows, organizers those of their events; everybody else none. */
  mayManage(user: User | null, show: ShowId): Promise<boolean>;
}

const PLANS_KEPT = 32;

export function createCatalog(parts: { db: Database; seats: Seats; log: Logger }): Catalog {
  const { db, seats } = parts;
  const plans = new LRUCache<string, PlanBody>({ max: PLANS_KEPT });
  const parsed = new LRUCache<string, Plan>({ max: 8 });

  /** From the live maps; what they do not have now (not opened yet, or Redis is away) Postgres can count. */
  async function countsOf(shows: readonly ShowId[]): Promise<Map<ShowId, SeatCounts>> {
    const counts = await seats.counts(shows);
    const missing = shows.filter((show) => !counts.has(show));
    for (const [show, sums] of await countBooked(db, missing)) counts.set(show, sums);
    return counts;
  }

  const summary = (row: ShowRow, counts: Map<ShowId, SeatCounts>): ShowSummary => ({
    ...{ id: row.id, startsAt: row.starts_at.toISOString(), timeZone: row.time_zone },
    venue: { id: row.venue_id, name: row.venue_name, city: row.city },
    ...{ currency: row.currency, priceFrom: row.price_from, capacity: row.capacity, sale: row.sale },
    available: counts.get(row.id)?.available ?? null
  });

  const soldShare = (show: ShowRow | undefined, counts: Map<ShowId, SeatCounts>) => {
    const sums = show && counts.get(show.id);
    return sums && show.capacity > 0 ? 1 - sums.available / show.capacity : null;
  };

  const eventSummary = (row: EventRow, next: ShowRow | undefined, counts: Map<ShowId, SeatCounts>): EventSummary => ({
    ...{ id: row.id, slug: row.slug, kind: row.kind, title: row.title, performers: row.performers },
    ...{ description: row.description, durationMin: row.duration_min, rating: row.rating, tags: row.tags },
    banner: row.banner,
    nextShow: next ? summary(next, counts) : null,
    showCount: row.show_count,
    soldShare: soldShare(next, counts)
  });

  async function planBody(planId: string): Promise<PlanBody | null> {
    const known = plans.get(planId);
    if (known) return known;
    const text = await readPlanText(db, planId);
    if (text === null) return null;
    const json = Buffer.from(text);
    const hash = createHash('sha256').update(json).digest('base64url').slice(0, 16);
    const body = { etag: `"${planId}-${hash}"`, json, gzip: await promisify(gzip)(json, { level: 6 }) };
    plans.set(planId, body);
    return body;
  }

  return {
    async events(query) {
      const page = await listEvents(db, query);
      const nextShows = await readShows(db, {
        ids: page.rows.flatMap(({ next_show }) => (next_show ? [next_show] : []))
      });
      const counts = await countsOf(nextShows.map(({ id }) => id));
      const byId = new Map(nextShows.map((row) => [row.id, row]));
      return {
        items: page.rows.map((row) => eventSummary(row, byId.get(row.next_show ?? ''), counts)),
        next: page.next
      };
    },

    async event(idOrSlug) {
      const found = await db.query<EventRow>(
        // A slug can look like the id of another event, whose address it must not take.
        `select e.*, null as next_show, 0 as show_count from event e where e.slug = $1 or e.id = $1
          order by (e.id = $1) desc limit 1`,
        [idOrSlug]
      );
      const row = found.rows[0];
      if (!row) return null;
      const rows = await readShows(db, { event: row.id });
      const counts = await countsOf(rows.map(({ id }) => id));
      const shows = rows.map((show) => summary(show, counts));
      const event = eventSummary({ ...row, show_count: shows.length }, rows[0], counts);
      return { ...event, version: row.version, shows };
    },

    async show(id) {
      const [row] = await readShows(db, { ids: [id] });
      if (!row) return null;
      const [tiers, counts] = await Promise.all([
        db.query<{ tier: string; name: string; ordinal: number; price: number }>(
          'select tier, name, ordinal, price from show_tier where show_id = $1 order by ordinal, tier',
          [id]
        ),
        countsOf([id])
      ]);
      return {
        ...summary(row, counts),
        event: {
          ...{ id: row.event_id, slug: row.event_slug, title: row.title, kind: row.kind, banner: row.banner },
          ...{ durationMin: row.duration_min, rating: row.rating, organizerId: row.organizer_id }
        },
        ...{
          version: row.version,
          terms: row.terms,
          planId: row.plan_id,
          venueAddress: row.address,
          seatsPerBuyer: row.seats_per_buyer
        },
        doorsAt: row.doors_at?.toISOString() ?? null,
        saleOpensAt: row.sale_opens_at.toISOString(),
        saleClosesAt: row.sale_closes_at.toISOString(),
        tiers: tiers.rows,
        counts: counts.get(id) ?? null
      };
    },

    planBody,

    async plan(planId) {
      const known = parsed.get(planId);
      if (known) return known;
      const body = await planBody(planId);
      if (!body) return null;
      // Written by us and checked when it was published.
      const plan = JSON.parse(body.json.toString()) as Plan;
      parsed.set(planId, plan);
      return plan;
    },

    async cities() {
      const found = await db.query<{ city: string }>(
        `select distinct v.city from show s join venue v on v.id = s.venue_id where s.starts_at > now() order by 1`
      );
      return found.rows.map(({ city }) => city);
    },

    async seatNames(planId, wanted) {
      const found = await db.query<SeatName & { seat_index: number }>(
        'select seat_index, label, short, tier from plan_seat where plan_id = $1 and seat_index = any($2::int[])',
        [planId, wanted]
      );
      return new Map(found.rows.map(({ seat_index, label, short, tier }) => [seat_index, { label, short, tier }]));
    },

    earlierPrices: (show, since) => readEarlierPrices(db, show, since),

    async organizerShows(user) {
      const manager = managerOf(user);
      if (isRefusal(manager)) return [];
      const rows = await readShows(db, manager.owner === null ? {} : { organizer: manager.owner });
      const counts = await countsOf(rows.map(({ id }) => id));
      return rows.map((row) => ({
        ...summary(row, counts),
        ...{ eventTitle: row.title, eventSlug: row.event_slug, counts: counts.get(row.id) ?? null }
      }));
    },

    async mayManage(user, show) {
      const manager = managerOf(user);
      if (isRefusal(manager)) return false;
      const found = await db.query(
        `select 1 from show s join event e on e.id = s.event_id where s.id = $1 and ${owned('e.organizer_id', 2)}`,
        [show, manager.owner]
      );
      return found.rowCount === 1;
    }
  };
}
