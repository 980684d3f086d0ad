import type { SeatWish } from '#domain/protocol.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { besideOf, cut, eachRun, isAvailable, seatsOf, Shortlist, type Block, type Terms } from './blocks.ts';
import type { Layout, StandingArea, Stretch } from './layout.ts';

/**
 * Candidate blocks for "n together": the script takes the first that is still available. A pure choice on a map that
 * may be some moments old; buyers who ask at the same moment get the same list and go down it.
 */
const BLOCKS_AT_MOST = 64;
/** Bounds the work of the script. */
const SEATS_AT_MOST = 200;

/** What is not in the plan, by its path in the wish; empty when all is well. */
export function wrongWith(layout: Layout, wish: SeatWish): { path: string; message: string }[] {
  const wrong: { path: string; message: string }[] = [];
  const check = (path: 'tier' | 'section' | 'area', known: boolean) => {
    if (wish[path] !== undefined && !known) wrong.push({ path, message: `is no ${path} of this show` });
  };
  check('tier', layout.tiers.includes(wish.tier ?? ''));
  check('section', layout.sections.has(wish.section ?? ''));
  check(
    'area',
    layout.areas.some(({ id }) => id === wish.area)
  );
  return wrong;
}

export function termsOf(layout: Layout, { count, tier, accessible }: SeatWish): Terms {
  return { count, accessible, ...(tier === undefined ? {} : { tier: layout.tiers.indexOf(tier) }) };
}

/** How many blocks of so many seats one call of the script may try. */
export const listSize = (count: number) => Math.max(1, Math.min(BLOCKS_AT_MOST, Math.floor(SEATS_AT_MOST / count)));

export interface Candidate {
  seats: SeatIndex[];
  /** Two seats on each side, nearer one first, null where nobody could sit: the script sees what would be left there. */
  beside: (SeatIndex | null)[];
  leavesLone: boolean;
}

/** Blocks that satisfy the wish, the best first: nearest to the stage, and none that strands a seat before it must. */
export function candidates(layout: Layout, map: Uint8Array, wish: SeatWish, most = listSize(wish.count)): Candidate[] {
  const terms = termsOf(layout, wish);
  const found = (wish.area === undefined ? bestBlocks(layout, map, wish, most) : []).map(({ first, leavesLone }) => ({
    ...{ seats: seatsOf(first, wish.count), leavesLone },
    beside: besideOf(layout, terms, first)
  }));
  for (const area of areasFor(layout, wish)) {
    if (found.length >= most) break;
    const places = placesOf(map, area, wish.count, most - found.length);
    found.push(...places.map((seats) => ({ seats, leavesLone: false, beside: [null, null, null, null] })));
  }
  return found;
}

export const candidateBlocks = (layout: Layout, map: Uint8Array, wish: SeatWish, most?: number): SeatIndex[][] =>
  candidates(layout, map, wish, most).map(({ seats }) => seats);

function bestBlocks(layout: Layout, map: Uint8Array, wish: SeatWish, most: number): Block[] {
  const terms = termsOf(layout, wish);
  const costOf = (seat: SeatIndex) => layout.badness[seat] ?? 0;
  const shortlist = new Shortlist(most);
  for (const stretch of stretchesFor(layout, wish)) {
    // The stretches come by their best seat: from here on none can hold a better block.
    const { worst } = shortlist;
    if (worst && !worst.leavesLone && stretch.best >= worst.cost) break;
    eachRun(layout, map, stretch, terms, (first, count) => {
      for (const block of cut(layout, terms, { first, count }, costOf, most)) shortlist.add(block);
    });
  }
  return shortlist.blocks();
}

function* stretchesFor(layout: Layout, { section }: SeatWish): Iterable<Stretch> {
  for (const stretch of layout.stretches) if (section === undefined || stretch.section === section) yield stretch;
}

/** Standing is for those who ask for it by area or tier, and for houses where everybody stands. */
function areasFor(layout: Layout, { area, tier, section, accessible }: SeatWish): StandingArea[] {
  if (accessible === true || section !== undefined) return [];
  return layout.areas.filter((each) => {
    if (tier !== undefined && layout.tiers[each.tier] !== tier) return false;
    if (area !== undefined) return each.id === area;
    return tier !== undefined || layout.stretches.length === 0;
  });
}

/** Any available places of a standing area will do: nobody stands beside anybody there. */
export function placesOf(map: Uint8Array, { first, count: places }: StandingArea, count: number, most: number) {
  const blocks: SeatIndex[][] = [];
  let block: SeatIndex[] = [];
  for (let seat = first; seat < first + places && blocks.length < most; seat++) {
    if (!isAvailable(map, seat)) continue;
    block.push(seat);
    if (block.length < count) continue;
    blocks.push(block);
    block = [];
  }
  return blocks;
}

/** The most seats side by side that the wish could have now, at most `count`; 0 when there is none at all. */
export function longestRun(layout: Layout, map: Uint8Array, wish: SeatWish): number {
  let longest = 0;
  const terms = { ...termsOf(layout, wish), count: 1 };
  for (const stretch of stretchesFor(layout, wish)) {
    if (longest >= wish.count) break;
    eachRun(layout, map, stretch, terms, (first, count) => {
      if (count > longest && (!terms.accessible || hasWheelchair(layout, first, count))) longest = count;
    });
  }
  return Math.min(longest, wish.count);
}

const hasWheelchair = (layout: Layout, first: SeatIndex, count: number) =>
  layout.wheelchair.subarray(first, first + count).includes(1);
