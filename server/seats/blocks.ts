import { seatState, SeatState, type SeatIndex } from '#domain/seat-map.ts';
import type { Layout, Stretch } from './layout.ts';

/** Seats side by side, all available: the first of them, and how good the block is (less is better). */
export interface Block {
  first: SeatIndex;
  cost: number;
  /** It leaves a single available seat between itself and what is taken: a seat that only a lone visitor buys. */
  leavesLone: boolean;
  /** How many blocks of its run must be tried before it: what it leaves depends on them. */
  turn: number;
}

/** What the seats of a block must be. */
export interface Terms {
  count: number;
  /** An index of the layout's tiers, or any. */
  tier?: number | undefined;
  /** A wheelchair place is in every block then, and in none otherwise: nobody else can use another seat instead. */
  accessible?: boolean | undefined;
}

export type CostOf = (seat: SeatIndex) => number;

export const isAvailable = (map: Uint8Array, seat: SeatIndex) => seatState(map, seat) === SeatState.available;

function suits(layout: Layout, { tier, accessible }: Terms, seat: SeatIndex): boolean {
  if (tier !== undefined && layout.tierOf[seat] !== tier) return false;
  return accessible === true || layout.wheelchair[seat] === 0;
}

const fits = (layout: Layout, map: Uint8Array, terms: Terms, seat: SeatIndex) =>
  isAvailable(map, seat) && suits(layout, terms, seat);

/** The two seats before a block and the two after it, nearer one first; null for those that would not suit. */
export function besideOf(layout: Layout, terms: Terms, first: SeatIndex): (SeatIndex | null)[] {
  const stretch = layout.stretchOf[first];
  const last = first + terms.count - 1;
  return [first - 1, first - 2, last + 1, last + 2].map((seat) =>
    layout.stretchOf[seat] === stretch && suits(layout, terms, seat) ? seat : null
  );
}

/** Calls `visit` with every run of fitting seats side by side that has room for `count`. */
export function eachRun(
  layout: Layout,
  map: Uint8Array,
  stretch: Stretch,
  terms: Terms,
  visit: (first: SeatIndex, count: number) => void
): void {
  const end = stretch.first + stretch.count;
  let from = stretch.first;
  for (let seat = from; seat <= end; seat++) {
    if (seat < end && fits(layout, map, terms, seat)) continue;
    if (seat - from >= terms.count) visit(from, seat - from);
    // Most of a house that is nearly sold out is passed over four seats at a time.
    while ((seat & 3) === 3 && seat + 4 < end && isFull(map[(seat + 1) >> 2] ?? 0)) seat += 4;
    from = seat + 1;
  }
}

/** None of the four seats of this byte is available. */
const isFull = (byte: number) => ((byte | (byte >> 1)) & 0x55) === 0x55;

interface Part {
  first: SeatIndex;
  count: number;
  block: Block;
}

/** Sums along a run: what a block of it costs is one subtraction. */
interface Sums {
  first: SeatIndex;
  cost: Float64Array;
  wheelchairs: Uint32Array;
}

/**
 * Cuts a run into at most `most` blocks that do not overlap, the best ones first. Buyers who ask at the same moment
 * go down this list, so each block leaves what the ones before it have left for others.
 */
export function cut(
  layout: Layout,
  terms: Terms,
  run: { first: SeatIndex; count: number },
  costOf: CostOf,
  most: number
): Block[] {
  const sums = sumUp(layout, run, costOf);
  const blocks: Block[] = [];
  const parts: Part[] = [];
  const add = (first: SeatIndex, count: number, after?: Block) => {
    const found = bestWithin(sums, terms, first, count);
    if (!found) return;
    // Never better than the block it comes after, or it would be tried first.
    const cost = Math.max(found.cost, after?.cost ?? 0);
    const leavesLone = found.leavesLone || after?.leavesLone === true;
    parts.push({ first, count, block: { ...found, cost, leavesLone, turn: after ? after.turn + 1 : 0 } });
  };
  add(run.first, run.count);
  while (blocks.length < most && parts.length > 0) {
    const at = parts.reduce((least, part, n) => (isBetter(part.block, parts[least]?.block) ? n : least), 0);
    const [part] = parts.splice(at, 1);
    if (!part) break;
    const { block } = part;
    blocks.push(block);
    add(part.first, block.first - part.first, block);
    add(block.first + terms.count, part.first + part.count - block.first - terms.count, block);
  }
  return blocks;
}

function sumUp(layout: Layout, { first, count }: { first: SeatIndex; count: number }, costOf: CostOf): Sums {
  const cost = new Float64Array(count + 1);
  const wheelchairs = new Uint32Array(count + 1);
  for (let n = 0; n < count; n++) {
    cost[n + 1] = (cost[n] ?? 0) + costOf(first + n);
    wheelchairs[n + 1] = (wheelchairs[n] ?? 0) + (layout.wheelchair[first + n] ?? 0);
  }
  return { first, cost, wheelchairs };
}

/** No lone seat left behind comes before everything else, as long as there is such a block. */
export const compare = (a: Block, b: Block) =>
  Number(a.leavesLone) - Number(b.leavesLone) || a.cost - b.cost || a.turn - b.turn || a.first - b.first;

const isBetter = (a: Block, b: Block | undefined) => b === undefined || compare(a, b) < 0;

function bestWithin(sums: Sums, { count, accessible }: Terms, first: SeatIndex, room: number): Block | null {
  const { cost, wheelchairs } = sums;
  let best: Block | null = null;
  for (let start = 0; start + count <= room; start++) {
    const [from, to] = [first - sums.first + start, first - sums.first + start + count];
    if (accessible === true && wheelchairs[from] === wheelchairs[to]) continue;
    const leavesLone = start === 1 || room - count - start === 1;
    const mean = ((cost[to] ?? 0) - (cost[from] ?? 0)) / count;
    if (best && (leavesLone === best.leavesLone ? mean >= best.cost : leavesLone)) continue;
    best = { first: first + start, cost: mean, leavesLone, turn: 0 };
  }
  return best;
}

export const seatsOf = (first: SeatIndex, count: number): SeatIndex[] =>
  Array.from({ length: count }, (_, n) => first + n);

/** The best few of many blocks, without sorting all of them. */
export class Shortlist<B extends Block = Block> {
  readonly #most: number;
  readonly #better: (a: B, b: B) => number;
  #kept: B[] = [];
  /** Whatever is not better than this is not kept; undefined while there is room. */
  worst: B | undefined;

  constructor(most: number, better: (a: B, b: B) => number = compare) {
    this.#most = most;
    this.#better = better;
  }

  add(block: B) {
    if (this.worst && this.#better(block, this.worst) >= 0) return;
    this.#kept.push(block);
    if (this.#kept.length < 2 * this.#most) return;
    this.#trim();
    this.worst = this.#kept.at(-1);
  }

  blocks(): B[] {
    this.#trim();
    return this.#kept;
  }

  #trim() {
    this.#kept = this.#kept.sort(this.#better).slice(0, this.#most);
  }
}
