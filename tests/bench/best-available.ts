import type { Plan, PlanRow, PlanSeat } from '../../src/lib/domain/plan.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import { seatState, SeatState } from '../../src/lib/domain/seat-map.ts';
import { makeShow } from '../integration/shows.ts';
import { must, openHouse, type House } from '../integration/house.ts';
import type { Bench, Round } from './bench.ts';

const BUYERS = 160;
const [SECTIONS, ROWS, ROW_SEATS] = [8, 40, 25];
const SEATS = SECTIONS * ROWS * ROW_SEATS;
const [SMALLEST, LARGEST] = [2, 4];

export const bestAvailable: Bench = {
  name: 'best-available',
  what: `${BUYERS} buyers at once ask for ${SMALLEST} to ${LARGEST} seats together until ${SEATS.toLocaleString('en')} are gone: seats held, and groups refused while a block was free`,
  baseline: 'seats that a group of the smallest size still fits, or were held; groups that asked',
  rows: [
    { case: 'sold', unit: 'seats', goal: { atLeast: 1 } },
    { case: 'refused', unit: 'groups', goal: { atMost: 0.01 } }
  ],

  async run(context, progress) {
    const house = await openHouse(await context.config());
    const rounds: Round[] = [];
    try {
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        const { held, fitting, asked, refused } = await sellOut(house, n);
        rounds.push({ case: 'sold', value: held, baseline: held + fitting });
        rounds.push({ case: 'refused', value: refused, baseline: asked });
      }
    } finally {
      await house.close();
    }
    return rounds;
  }
};

/** Everyone asks again and again, each time as another buyer, until they are told that nothing is left for them. */
async function sellOut(house: House, round: number) {
  const { seats } = house;
  const plan = hallOfRows();
  const show = (await makeShow(house.db, SEATS)).id;
  await house.db.query('update seating_plan set geometry = $2 where id = (select plan_id from show where id = $1)', [
    show,
    JSON.stringify(plan)
  ]);
  must((await house.seats.rebuild(show)) ?? null);
  const random = randomFrom(round);
  let [held, asked, refused] = [0, 0, 0];

  const buy = async (who: number) => {
    // A group of every size is refused once before its buyer gives up.
    const gaveUp = new Set<number>();
    for (let time = 0; gaveUp.size <= LARGEST - SMALLEST; time++) {
      const count = SMALLEST + Math.floor(random() * (LARGEST - SMALLEST + 1));
      if (gaveUp.has(count)) continue;
      asked++;
      const answer = await seats.best(show, `g_group-${who}-${time}`, { count }, 'request');
      if (!isRefusal(answer)) {
        held += answer.seats.length;
        continue;
      }
      // Nothing is given back here: a block that is free now was free while the buyer was being refused.
      if (blocksFree(must(await house.seats.snapshot(show)).map, plan, count) > 0) refused++;
      else gaveUp.add(count);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, (_, who) => buy(who)));
  const { map } = must(await house.seats.snapshot(show));
  return { held, asked, refused, fitting: SMALLEST * blocksFree(map, plan, SMALLEST) };
}

/** How many groups of `count` could still sit side by side. */
function blocksFree(map: Uint8Array, plan: Plan, count: number): number {
  let blocks = 0;
  for (const row of plan.rows) {
    let run = 0;
    for (let seat = row.first; seat < row.first + row.count; seat++) {
      run = seatState(map, seat) === SeatState.available ? run + 1 : 0;
      if (run < count) continue;
      blocks++;
      run = 0;
    }
  }
  return blocks;
}

/** Straight rows in sections side by side. */
function hallOfRows(): Plan {
  const rows: PlanRow[] = [];
  const seats: PlanSeat[] = [];
  for (let section = 0; section < SECTIONS; section++) {
    for (let row = 0; row < ROWS; row++) {
      rows.push({ section: `s${section}`, label: String(row + 1), first: seats.length, count: ROW_SEATS });
      for (let n = 0; n < ROW_SEATS; n++) {
        const place = { x: section * (ROW_SEATS + 2) + n, y: row + 5 };
        seats.push({
          index: seats.length,
          id: `seat-${seats.length}`,
          label: String(n + 1),
          ...place,
          tier: 'standard'
        });
      }
    }
  }
  const width = SECTIONS * (ROW_SEATS + 2);
  return {
    ...{ name: 'Rows', capacity: SEATS, size: { width, height: ROWS + 6 }, focus: { x: width / 2, y: 0 } },
    stage: { label: 'Stage', outline: [] },
    tiers: [{ id: 'standard', name: 'Standard', ordinal: 1 }],
    sections: Array.from({ length: SECTIONS }, (_, n) => ({ id: `s${n}`, name: `Section ${n + 1}` })),
    ...{ rows, seats, areas: [] }
  };
}

/** The same groups in every run: a small generator with a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
