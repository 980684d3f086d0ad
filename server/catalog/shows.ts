import * as said from '#domain/messages/compiled/refusals_sale.js';
import type { RunBody, ShowBody, ShowPatch, ShowsQuery } from '#domain/catalog.ts';
import type { ShowId } from '#domain/ids.ts';
import type { PlanTier } from '#domain/plan.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { fromLocal } from '#domain/time.ts';
import type { Pricing } from '#domain/pricing.ts';
import { FAIRNESS_USUAL, type Fairness } from '#domain/waiting-room.ts';
import { enqueue } from '../booking/outbox.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { makeRoom } from '../waiting-room/rows.ts';
import { audit, change, invalid, outdated } from './changes.ts';
import { beginTerms } from './earlier-prices.ts';
import { listOwnShows, readOwnShow, type OwnShow } from './own-shows.ts';
import { readBefore, tellChanges } from './show-changes.ts';
import { owned, type Manager } from './ownership.ts';
import type { Page } from './pages.ts';
import { samePricing, writePricing } from './pricing.ts';

export interface Shows {
  list(by: Manager, query: ShowsQuery): Promise<Page<OwnShow>>;
  get(by: Manager, id: ShowId): Promise<OwnShow | Refusal>;
  create(by: Manager, body: ShowBody): Promise<OwnShow | Refusal>;
  /** Every day at every time of day, by the venue's clock; all of them or none. */
  createRun(by: Manager, run: RunBody): Promise<OwnShow[] | Refusal>;
  /** Event and plan stay: tickets and the live map are made of them. Refuses CHANGED_MEANWHILE. */
  update(by: Manager, id: ShowId, patch: ShowPatch): Promise<OwnShow | Refusal>;
  /** Refuses HAS_BOOKINGS when it was ever booked: the books are kept. */
  remove(by: Manager, id: ShowId): Promise<null | Refusal>;
}

/** What all shows of a run have in common: read once, checked once. */
interface Stage {
  eventId: string;
  venueId: string;
  planId: string;
  timeZone: string;
  tiers: PlanTier[];
}

interface Times {
  startsAt: Date;
  doorsAt: Date | null;
  saleOpensAt: Date;
  saleClosesAt: Date;
}

const MINUTE_MS = 60_000;
type Asked = { [K in keyof Fairness]?: Fairness[K] | undefined };
/** As it is asked for, and where nothing is asked as it was. */
const fairnessOf = (asked: Asked, was: Fairness) => [
  asked.roomPerMinute === undefined ? was.roomPerMinute : asked.roomPerMinute,
  asked.roomMinutes ?? was.roomMinutes,
  asked.seatsPerNetwork === undefined ? was.seatsPerNetwork : asked.seatsPerNetwork,
  asked.coolDownSeconds ?? was.coolDownSeconds
];

export function createShows(db: Database): Shows {
  /** The event and the plan, which must be the manager's own: else there is no such thing for them. */
  async function readStage(sql: Sql, by: Manager, body: { eventId: string; planId: string }): Promise<Stage | Refusal> {
    const event = await sql.query(`select 1 from event e where e.id = $1 and ${owned('e.organizer_id', 2)} for share`, [
      body.eventId,
      by.owner
    ]);
    if (!event.rowCount) return invalid('eventId', 'is not an event of yours');
    const found = await sql.query<{ venue_id: string; time_zone: string; tiers: PlanTier[] }>(
      `select p.venue_id, v.time_zone, coalesce(p.tiers, p.geometry -> 'tiers') as tiers
         from seating_plan p join venue v on v.id = p.venue_id
        where p.id = $1 and p.published_at is not null and ${owned('v.organizer_id', 2)} for share of p, v`,
      [body.planId, by.owner]
    );
    const [plan] = found.rows;
    if (!plan) return invalid('planId', 'is not a seating plan of yours');
    const { venue_id: venueId, time_zone: timeZone, tiers } = plan;
    return { ...{ eventId: body.eventId, planId: body.planId }, ...{ venueId, timeZone, tiers } };
  }

  async function insert(
    sql: Sql,
    by: Manager,
    stage: Stage,
    terms: Pick<ShowBody, 'seatsPerBuyer' | 'currency' | 'prices' | 'refundUntilMin'> & Pricing & Asked,
    times: Times
  ): Promise<OwnShow | Refusal> {
    const id = newId();
    await sql.query(
      `insert into show (id, event_id, venue_id, plan_id, starts_at, doors_at, sale_opens_at, sale_closes_at,
                         seats_per_buyer, currency, refund_until_min, room_per_minute, room_minutes, seats_per_network,
                         cool_down_s)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[id, stage.eventId, stage.venueId, stage.planId, times.startsAt, times.doorsAt],
        ...[times.saleOpensAt, times.saleClosesAt, terms.seatsPerBuyer, terms.currency, terms.refundUntilMin],
        ...fairnessOf(terms, FAIRNESS_USUAL)
      ]
    );
    if (typeof terms.roomPerMinute === 'number') await makeRoom(sql, id);
    for (const { id: tier, name, ordinal } of stage.tiers) {
      await sql.query('insert into show_tier (show_id, tier, name, ordinal, price) values ($1, $2, $3, $4, $5)', [
        ...[id, tier, name, ordinal, terms.prices[tier]]
      ]);
    }
    await writePricing(sql, id, terms);
    const show = await readOwnShow(sql, by, id);
    await audit(sql, by, 'show', id, null, show);
    return show;
  }

  return {
    list: (by, query) => listOwnShows(db, by, query),
    get: (by, id) => readOwnShow(db, by, id),

    create: (by, body) =>
      change(db, async (sql) => {
        const stage = await readStage(sql, by, body);
        if (isRefusal(stage)) return stage;
        const wrong = wrongPrices(
          stage.tiers.map(({ id }) => id),
          body.prices
        );
        if (wrong) return wrong;
        const startsAt = new Date(body.startsAt);
        if (startsAt.getTime() <= Date.now()) return invalid('startsAt', 'is in the past');
        return insert(sql, by, stage, body, {
          startsAt,
          doorsAt: body.doorsAt === null ? null : new Date(body.doorsAt),
          saleOpensAt: body.saleOpensAt === undefined ? new Date() : new Date(body.saleOpensAt),
          saleClosesAt: body.saleClosesAt === undefined ? startsAt : new Date(body.saleClosesAt)
        });
      }),

    createRun: (by, run) =>
      change(db, async (sql) => {
        const stage = await readStage(sql, by, run);
        if (isRefusal(stage)) return stage;
        const wrong = wrongPrices(
          stage.tiers.map(({ id }) => id),
          run.prices
        );
        if (wrong) return wrong;
        const starts = startsOf(run, stage.timeZone);
        if (isRefusal(starts)) return starts;
        const saleOpensAt = run.saleOpensAt === undefined ? new Date() : new Date(run.saleOpensAt);
        const shows: OwnShow[] = [];
        for (const startsAt of starts) {
          const before = (minutes: number) => new Date(startsAt.getTime() - minutes * MINUTE_MS);
          const show = await insert(sql, by, stage, run, {
            ...{ startsAt, saleOpensAt, saleClosesAt: before(run.closesBefore) },
            doorsAt: run.doorsBefore === null ? null : before(run.doorsBefore)
          });
          if (isRefusal(show)) return show;
          shows.push(show);
        }
        return shows;
      }),

    update: (by, id, { version, ...patch }) =>
      change(db, async (sql) => {
        const before = await readOwnShow(sql, by, id, true);
        if (isRefusal(before)) return before;
        const late = outdated(before, version);
        if (late) return late;
        const prices = { ...Object.fromEntries(before.tiers.map(({ tier, price }) => [tier, price])), ...patch.prices };
        const wrong = wrongPrices(
          before.tiers.map(({ tier }) => tier),
          prices
        );
        if (wrong) return wrong;
        const next = { ...before, ...patch };
        if (next.currency !== before.currency) {
          // A booking keeps the currency that it was made in: the same show cannot be paid for in two.
          const booked = await sql.query('select 1 from booking where show_id = $1 limit 1', [id]);
          if (booked.rowCount) return refuse('HAS_BOOKINGS', said.bookings_in({ currency: before.currency }));
        }
        const pricing: Pricing = {
          ...{ ticketTypes: patch.ticketTypes ?? before.ticketTypes, fees: patch.fees ?? before.fees },
          tax: patch.tax === undefined ? before.tax : patch.tax
        };
        const repriced =
          before.tiers.some(({ tier, price }) => prices[tier] !== price) || !samePricing(before, pricing);
        if (repriced || next.currency !== before.currency) await beginTerms(sql, before);
        const told = await readBefore(sql, { show: id });
        await sql.query(
          `update show set starts_at = $2, doors_at = $3, sale_opens_at = $4, sale_closes_at = $5, seats_per_buyer = $6,
                  currency = $7, refund_until_min = $8, room_per_minute = $9, room_minutes = $10, seats_per_network = $11,
                  cool_down_s = $12, version = version + 1, updated_at = now() where id = $1`,
          [
            ...[id, next.startsAt, next.doorsAt, next.saleOpensAt, next.saleClosesAt],
            ...[next.seatsPerBuyer, next.currency, next.refundUntilMin],
            ...fairnessOf(patch, before)
          ]
        );
        if (typeof next.roomPerMinute === 'number') await makeRoom(sql, id);
        await sql.query(
          `update show_tier t set price = w.price from unnest($2::text[], $3::bigint[]) as w (tier, price)
            where t.show_id = $1 and t.tier = w.tier`,
          [id, Object.keys(prices), Object.values(prices)]
        );
        await writePricing(sql, id, pricing);
        const after = await readOwnShow(sql, by, id);
        await tellChanges(sql, told);
        await enqueue(sql, 'show.sync', { showId: id, seats: [] }, { dedupeKey: newId() });
        await audit(sql, by, 'show', id, before, after);
        return after;
      }),

    remove: (by, id) =>
      change(db, async (sql) => {
        const before = await readOwnShow(sql, by, id, true);
        if (isRefusal(before)) return before;
        await audit(sql, by, 'show', id, before, null);
        await sql.query('delete from show where id = $1', [id]);
        return null;
      })
  };
}

/** Every tier has a price, and every price a tier. */
function wrongPrices(tiers: readonly string[], prices: Record<string, number>): Refusal | undefined {
  const errors = [
    ...tiers.filter((tier) => prices[tier] === undefined).map((tier) => [tier, 'is missing'] as const),
    ...Object.keys(prices)
      .filter((tier) => !tiers.includes(tier))
      .map((tier) => [tier, 'is not a tier of this seating plan'] as const)
  ].map(([tier, message]) => ({ path: `prices.${tier}`, message }));
  return errors.length > 0 ? refuse('INVALID', 'Some values are not valid.', { errors }) : undefined;
}

/** When the shows of a run start, in order. A time that the clock there skips that day is nobody's fault, but no time. */
function startsOf(run: RunBody, timeZone: string): Date[] | Refusal {
  const starts: Date[] = [];
  for (const date of [...new Set(run.dates)].sort()) {
    for (const time of [...new Set(run.times)].sort()) {
      const at = fromLocal(`${date}T${time}`, timeZone);
      if (!at) return invalid('times', `${time} does not exist there on ${date}: the clocks go forward`);
      if (at.getTime() <= Date.now()) return invalid('dates', `${date} at ${time} is in the past`);
      starts.push(at);
    }
  }
  return starts;
}
