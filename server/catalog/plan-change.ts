import { seatInWords } from '#domain/seat-words.ts';
import * as said from '#domain/messages/compiled/refusals_sale.js';
import type { ShowId } from '#domain/ids.ts';
import type { PlanTier } from '#domain/plan.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { endPaidMovesOf } from '../booking/paid-move-rows.ts';
import { withRetry } from '../booking/transactions.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Live } from '../live/live.ts';
import type { Seats } from '../seats/seats.ts';
import { audit, change, invalid } from './changes.ts';
import { readOwnShow, type OwnShow } from './own-shows.ts';
import type { Manager } from './ownership.ts';
import { readBefore, tellChanges } from './show-changes.ts';
import type { Comparison, ShownDifference } from './plan-thread/messages.ts';
import { runPlanTask } from './plan-thread/thread.ts';
import { readPlan, readPlanText, type SeatingPlan } from './plans/rows.ts';

/** A show moves to another version of its seating plan, also in the middle of its sale: no booked seat may be lost. */
export interface PlanChange {
  /** What would be different. Refuses INVALID when it is no other published version of the show's plan. */
  planChange(by: Manager, show: ShowId, planId: string): Promise<ShowPlanChange | Refusal>;
  /**
   * Does it: bookings, tickets and blocks get the new indexes, open holds are lost and their holders told. `prices` are
   * needed for `newTiers`; `saw` is the version that the show had when the difference was looked at. Refuses HAS_BOOKINGS
   * {seats} when a booked seat would be lost or get another name, CHANGED_MEANWHILE, and what `planChange` refuses.
   */
  changePlan(
    by: Manager,
    show: ShowId,
    planId: string,
    prices?: Readonly<Record<string, number>>,
    saw?: string
  ): Promise<OwnShow | Refusal>;
}

export interface ShowPlanChange {
  from: { id: string; name: string; number: number; capacity: number };
  to: { id: string; name: string; number: number; capacity: number };
  difference: ShownDifference;
  /** Names of booked places that would be lost or renamed: while there are any, the show cannot be moved. */
  kept: string[];
  /** Names of blocked places that would be gone, with their block. */
  blocked: string[];
  /** Names of all of these that would be gone, booked and blocked. */
  lost: string[];
  /** Tiers that the show has no price for yet. */
  newTiers: PlanTier[];
}

interface Move extends Comparison {
  show: OwnShow;
  from: SeatingPlan;
  to: SeatingPlan;
}

const NAMES_TOLD = 100;

export function createPlanChange(parts: { db: Database; seats: Seats; live: Live }): PlanChange {
  const { db, seats, live } = parts;

  async function compare(by: Manager, id: ShowId, planId: string, saw?: string): Promise<Move | Refusal> {
    const show = await readOwnShow(db, by, id);
    if (isRefusal(show)) return show;
    if (saw !== undefined && show.plan.id !== saw) return movedMeanwhile(show);
    const [from, to] = await Promise.all([readPlan(db, by, show.plan.id), readPlan(db, by, planId)]);
    if (isRefusal(from)) return from;
    if (isRefusal(to) || to.series !== from.series || !to.published) {
      return invalid('planId', 'is not a published version of this show’s seating plan');
    }
    if (to.id === from.id) return invalid('planId', 'is the version that the show has already');
    const [before, after] = await Promise.all([readPlanText(db, from.id), readPlanText(db, to.id)]);
    if (before === null || after === null) return invalid('planId', 'is not a published version');
    // Published versions never change: this holds as long as the show has `from`.
    const compared = await runPlanTask({ kind: 'compare', before, after });
    return isRefusal(compared) ? compared : { ...compared, show, from, to };
  }

  return {
    async planChange(by, id, planId) {
      const move = await compare(by, id, planId);
      if (isRefusal(move)) return move;
      const { booked, gone, blocked } = await concerned(db, move);
      const { difference, from, to } = move;
      const some = (names: string[]) => names.slice(0, NAMES_TOLD);
      return {
        ...{ from: inShort(from), to: inShort(to), difference },
        ...{ kept: some(booked), blocked: some(blocked), lost: some([...gone, ...blocked]) },
        newTiers: newTiers(move)
      };
    },

    async changePlan(by, id, planId, prices = {}, saw) {
      const move = await compare(by, id, planId, saw);
      if (isRefusal(move)) return move;
      const wrong = wrongPrices(move, prices);
      if (wrong) return wrong;
      const retrying = {
        ...db,
        transaction: (<T>(work: (sql: Sql) => Promise<T>) => withRetry(db, work)) as Database['transaction']
      };
      const changed = await change(retrying, async (sql) => {
        const before = await readOwnShow(sql, by, id, true);
        if (isRefusal(before)) return before;
        if (before.plan.id !== move.from.id) return movedMeanwhile(before);
        // Who gives a booking back or lets it expire has it locked, its seats and tickets then: they are done, or wait.
        await sql.query('select 1 from booking where show_id = $1 order by id for no key update', [id]);
        const { booked } = await concerned(sql, move);
        if (booked.length > 0) return soldThere(booked);
        const told = await readBefore(sql, { show: id });
        await endPaidMovesOf(sql, id);
        await moveSeats(sql, move);
        await moveTiers(sql, move, prices);
        await sql.query('set constraints all immediate');
        await tellChanges(sql, told);
        const after = await readOwnShow(sql, by, id);
        await audit(sql, by, 'show', id, before, after, 'change plan');
        // The last thing before the commit: whoever makes the map anew waits for that, and then reads the new plan.
        return (await seats.forget(id)) ?? after;
      });
      if (isRefusal(changed)) return changed;
      live.showChanged(id, { plan: true });
      // Made at once, so that those who watch see it; whatever fails here is done by whoever asks next.
      await seats.rebuild(id);
      return changed;
    }
  };
}

const inShort = ({ id, name, number, capacity }: SeatingPlan) => ({ id, name, number, capacity });

const movedMeanwhile = (current: OwnShow) => refuse('CHANGED_MEANWHILE', said.moved_version_meanwhile(), { current });

const soldThere = (names: string[]) =>
  refuse(
    'HAS_BOOKINGS',
    said.sold_there({
      count: names.length,
      seats: `${names
        .slice(0, 5)
        .map((name) => seatInWords(name))
        .join('; ')}${names.length > 5 ? '; …' : ''}`
    }),
    { seats: names.slice(0, NAMES_TOLD) }
  );

/** Booked (or being paid for) and blocked places that the move would take away, by name; renamed ones only if booked. */
async function concerned(sql: Sql, { show, from, mapping, renamed }: Move) {
  const gone = [...mapping.keys()].filter((index) => mapping[index] === -1);
  const { rows } = await sql.query<{ label: string; is: 'booked' | 'blocked'; gone: boolean }>(
    `select p.label, w.gone, case when b.seat_index is null then 'blocked' else 'booked' end as is
       from (select unnest($3::int[]) as seat_index, true as gone
             union all select unnest($4::int[]), false) w
       join plan_seat p on p.plan_id = $2 and p.seat_index = w.seat_index
       left join booking_seat b on b.show_id = $1 and b.seat_index = w.seat_index and b.live
       left join seat_block k on k.show_id = $1 and k.seat_index = w.seat_index
      where b.seat_index is not null or (k.seat_index is not null and w.gone)
      order by w.seat_index`,
    [show.id, from.id, gone, [...renamed]]
  );
  const names = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).map(({ label }) => label);
  return {
    booked: names((row) => row.is === 'booked'),
    gone: names((row) => row.is === 'booked' && row.gone),
    blocked: names((row) => row.is === 'blocked')
  };
}

const newTiers = ({ show, to }: Move): PlanTier[] =>
  to.tiers.filter(({ id }) => !show.tiers.some(({ tier }) => tier === id));

/** A price for each tier that is new, and for no tier that the version does not have. */
function wrongPrices(move: Move, prices: Readonly<Record<string, number>>): Refusal | undefined {
  const errors = [
    ...newTiers(move)
      .filter(({ id }) => prices[id] === undefined)
      .map(({ id }) => ({ path: `prices.${id}`, message: 'is missing' })),
    ...Object.keys(prices)
      .filter((tier) => !move.to.tiers.some(({ id }) => id === tier))
      .map((tier) => ({ path: `prices.${tier}`, message: 'is not a tier of this seating plan' }))
  ];
  return errors.length > 0 ? refuse('INVALID', 'Some values are not valid.', { errors }) : undefined;
}

/**
 * Indexes change places with each other. So that no two rows ever have the same one, each is put aside below zero first;
 * the foreign keys wait for the end. A booking that was let go stays in the old version when one of its seats is gone.
 */
async function moveSeats(sql: Sql, { show, from, to, mapping }: Move): Promise<void> {
  await sql.query('set constraints all deferred');
  await sql.query('create temporary table moving (old integer primary key, new integer not null) on commit drop');
  await sql.query(
    `insert into moving select n - 1, new from unnest($1::int[]) with ordinality as m (new, n) where new >= 0`,
    [[...mapping]]
  );
  await sql.query('analyze moving');
  await sql.query(`delete from seat_block where show_id = $1 and seat_index not in (select old from moving)`, [
    show.id
  ]);
  const stay = `b.booking_id in (select s.booking_id from booking_seat s
                  where s.show_id = $1 and s.plan_id = $2 and s.seat_index not in (select old from moving))`;
  const own = [show.id, from.id];
  await sql.query(
    `update ticket t set seat_index = -1 - t.seat_index
       from booking_seat b where b.booking_id = t.booking_id and b.seat_index = t.seat_index
        and b.show_id = $1 and b.plan_id = $2 and not ${stay}`,
    own
  );
  await sql.query(
    `update booking_seat b set seat_index = -1 - b.seat_index where b.show_id = $1 and b.plan_id = $2 and not ${stay}`,
    own
  );
  await sql.query('update seat_block set seat_index = -1 - seat_index where show_id = $1', [show.id]);
  for (const table of ['booking_seat', 'seat_block']) {
    await sql.query(
      `update ${table} b set seat_index = m.new, plan_id = $2 from moving m
        where b.show_id = $1 and b.seat_index < 0 and m.old = -1 - b.seat_index`,
      [show.id, to.id]
    );
  }
  await sql.query(
    `update ticket t set seat_index = m.new from moving m
      where t.show_id = $1 and t.seat_index < 0 and m.old = -1 - t.seat_index`,
    [show.id]
  );
  await sql.query('update show set plan_id = $2, version = version + 1, updated_at = now() where id = $1', [
    ...[show.id, to.id]
  ]);
}

/** Tiers of the new version with their prices; those that it has no more go. */
async function moveTiers(sql: Sql, { show, to }: Move, prices: Readonly<Record<string, number>>): Promise<void> {
  const price = new Map(show.tiers.map((known) => [known.tier, known.price]));
  await sql.query('delete from show_tier where show_id = $1 and not tier = any($2)', [
    ...[show.id, to.tiers.map(({ id }) => id)]
  ]);
  for (const { id, name, ordinal } of to.tiers) {
    await sql.query(
      `insert into show_tier (show_id, tier, name, ordinal, price) values ($1, $2, $3, $4, $5)
       on conflict (show_id, tier) do update set name = excluded.name, ordinal = excluded.ordinal, price = excluded.price`,
      [show.id, id, name, ordinal, prices[id] ?? price.get(id)]
    );
  }
}
