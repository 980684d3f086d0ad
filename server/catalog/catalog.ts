import { createHash } from 'node:crypto';
import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { ShowId } from '#domain/ids.ts';
import type { Plan, SeatName } from '#domain/plan.ts';
import { layOut, packLayout } from '#domain/plan-layout.ts';
import type { EventKind, EventsQuery, SaleState } from '#domain/protocol.ts';
import type { ShowPrices } from '#domain/kept-price.ts';
import type { Fee, Tax, TicketType } from '#domain/quote.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { SeatCounts, SeatIndex } from '#domain/seat-map.ts';
import type { User } from '../accounts/accounts.ts';
import type { Cache } from '../cache/cache.ts';
import type { Database } from '../db/database.ts';
import type { Banner } from '../pictures/banner.ts';
import type { Seats } from '../seats/seats.ts';
import { readEarlierPrices, readEarlierPricing } from './earlier-prices.ts';
import { readPlanText } from './plans.ts';
import { readCities, readEvent, readEventPage, readShow, type KeptEvent, type KeptShow } from './kept.ts';
import { managerOf, owned } from './ownership.ts';
import { countBooked } from './show-rows.ts';

/** What is on, where and for how much. Seats left come from the live maps; while Redis is away they are null. */
export interface ShowSummary {
  id: ShowId;
  startsAt: string;
  timeZone: string;
  venue: { id: string; name: string; room: string | null; city: string };
  currency: string;
  priceFrom: number | null;
  available: number | null;
  capacity: number;
  sale: SaleState;
  /** It does not take place; why. */
  cancelled: { reason: string } | null;
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
  banner: Banner | null;
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
    banner: Banner | null;
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
  /** Seats can be held only by who was admitted from its waiting room. */
  waitingRoom: boolean;
  doorsAt: string | null;
  saleOpensAt: string;
  saleClosesAt: string;
  tiers: { tier: string; name: string; ordinal: number; price: number }[];
  /** What comes to the tiers' prices; the first ticket type is what a seat costs until somebody chooses. */
  ticketTypes: TicketType[];
  fees: Fee[];
  tax: Tax | null;
  counts: SeatCounts | null;
}

export interface PlanBody {
  etag: string;
  json: Buffer;
  gzip: Buffer;
}

/** For the map in the browser; see packLayout. */
export interface PlanLayoutBody {
  etag: string;
  bytes: Buffer;
  gzip: Buffer;
}

export interface Catalog {
  /** Events with shows to come. Cursor pages: what is added meanwhile neither repeats nor hides an event. */
  events(query: EventsQuery): Promise<{ items: EventSummary[]; next: string | null }>;
  event(idOrSlug: string): Promise<EventDetail | null>;
  show(id: ShowId): Promise<ShowDetail | null>;
  /** A published plan as it travels: it never changes, so it is kept ready in both forms. */
  planBody(planId: string): Promise<PlanBody | null>;
  planLayout(planId: string): Promise<PlanLayoutBody | null>;
  plan(planId: string): Promise<Plan | null>;
  cities(): Promise<string[]>;
  /** Of events with shows to come, as many as one sitemap may list. */
  slugs(): Promise<string[]>;
  seatNames(planId: string, seats: readonly SeatIndex[]): Promise<Map<SeatIndex, SeatName>>;
  /** What seats cost at earlier terms: a hold keeps the prices it was shown. */
  earlierPrices(show: ShowId, since: number): Promise<ShowPrices['earlier']>;
  /** Admins manage all shows, organizers those of their events; everybody else none. */
  mayManage(user: User | null, show: ShowId): Promise<boolean>;
}

const PLANS_KEPT = 32;
/** The protocol of sitemaps allows 50,000, the home page among them. */
const SLUGS_AT_MOST = 49_999;

const etagOf = (planId: string, body: Buffer) =>
  `"${planId}-${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;

export function createCatalog(parts: { db: Database; cache: Cache; seats: Seats }): Catalog {
  const { db, cache, seats } = parts;
  const plans = new LRUCache<string, PlanBody>({ max: PLANS_KEPT });
  const layouts = new LRUCache<string, PlanLayoutBody>({ max: PLANS_KEPT });
  const parsed = new LRUCache<string, Plan>({ max: 8 });

  /** From the live maps; what they do not have now (not opened yet, or Redis is away) Postgres can count. */
  async function countsOf(shows: readonly { id: ShowId }[]): Promise<Map<ShowId, SeatCounts>> {
    const ids = shows.map(({ id }) => id);
    const counts = await seats.counts(ids);
    const missing = ids.filter((show) => !counts.has(show));
    for (const [show, sums] of await countBooked(db, missing)) counts.set(show, sums);
    return counts;
  }

  const live = <Show extends KeptShow>(show: Show, counts: Map<ShowId, SeatCounts>) => ({
    ...show,
    available: counts.get(show.id)?.available ?? null
  });

  const liveEvent = (event: KeptEvent, counts: Map<ShowId, SeatCounts>): EventSummary => {
    const show = event.nextShow;
    const sums = show && counts.get(show.id);
    return {
      ...event,
      nextShow: show && live(show, counts),
      soldShare: sums && show.capacity > 0 ? 1 - sums.available / show.capacity : null
    };
  };

  async function planBody(planId: string): Promise<PlanBody | null> {
    const known = plans.get(planId);
    if (known) return known;
    const text = await readPlanText(db, planId);
    if (text === null) return null;
    const json = Buffer.from(text);
    const body = { etag: etagOf(planId, json), json, gzip: await promisify(gzip)(json, { level: 6 }) };
    plans.set(planId, body);
    return body;
  }

  async function plan(planId: string): Promise<Plan | null> {
    const known = parsed.get(planId);
    if (known) return known;
    const body = await planBody(planId);
    if (!body) return null;
    // Written by us and checked when it was published.
    const read = JSON.parse(body.json.toString()) as Plan;
    parsed.set(planId, read);
    return read;
  }

  async function planLayout(planId: string): Promise<PlanLayoutBody | null> {
    const known = layouts.get(planId);
    if (known) return known;
    const read = await plan(planId);
    if (!read) return null;
    const bytes = Buffer.from(packLayout(layOut(read)).buffer);
    const body = { etag: etagOf(planId, bytes), bytes, gzip: await promisify(gzip)(bytes, { level: 6 }) };
    layouts.set(planId, body);
    return body;
  }

  return {
    async events(query) {
      const key = `events:${createHash('sha256').update(JSON.stringify(query)).digest('base64url')}`;
      const page = await cache.cached(key, () => readEventPage(db, query));
      if (!page) return { items: [], next: null };
      const counts = await countsOf(page.items.flatMap(({ nextShow }) => nextShow ?? []));
      return { items: page.items.map((event) => liveEvent(event, counts)), next: page.next };
    },

    async event(idOrSlug) {
      const event = await cache.cached(`event:${idOrSlug}`, () => readEvent(db, idOrSlug));
      if (!event) return null;
      const { shows, version, ...summary } = event;
      const counts = await countsOf(shows);
      return { ...liveEvent(summary, counts), version, shows: shows.map((show) => live(show, counts)) };
    },

    async show(id) {
      const show = await cache.cached(`show:${id}`, () => readShow(db, id));
      if (!show) return null;
      const counts = await countsOf([show]);
      return { ...live(show, counts), counts: counts.get(id) ?? null };
    },

    planBody,

    planLayout,
    plan,

    async cities() {
      return (await cache.cached('cities', () => readCities(db))) ?? [];
    },

    async slugs() {
      const found = await db.query<{ slug: string }>(
        `select e.slug from event e
          where exists (select 1 from show s where s.event_id = e.id and s.starts_at > now() and s.cancelled_at is null)
          order by e.id limit ${SLUGS_AT_MOST}`
      );
      return found.rows.map(({ slug }) => slug);
    },

    async seatNames(planId, wanted) {
      const found = await db.query<SeatName & { seat_index: number }>(
        'select seat_index, label, short, tier from plan_seat where plan_id = $1 and seat_index = any($2::int[])',
        [planId, wanted]
      );
      return new Map(found.rows.map(({ seat_index, label, short, tier }) => [seat_index, { label, short, tier }]));
    },

    async earlierPrices(show, since) {
      const [prices, pricing] = await Promise.all([
        readEarlierPrices(db, show, since),
        readEarlierPricing(db, show, since)
      ]);
      return { prices, pricing };
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
