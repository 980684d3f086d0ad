import type { SeatWish } from '#domain/protocol.ts';
import { setSeatState, SeatState, type SeatIndex } from '#domain/seat-map.ts';
import { candidateBlocks, longestRun, placesOf, termsOf } from './best-available.ts';
import { compare, cut, eachRun, seatsOf, Shortlist, type Block, type Terms } from './blocks.ts';
import type { Circle, Layout, Section } from './layout.ts';

/** What a buyer is offered instead of what is gone: the same number of seats, as near to it as can be. */
const OFFERED = 3;
/** Leaving a lone seat behind is as bad as sitting this much further away. */
const LONE = 3;
const OTHER_SECTION = 1;
const OTHER_TIER = 2;
/** Ways tried of seating a group in two: each of them looks through the house. */
const SPLITS_TRIED = 4;

/**
 * The closest equivalents of `asked`, which could not be had because `gone` were taken. Seats of the same tier come
 * first, then those of the same section, then the nearest. A wheelchair place is answered with wheelchair places.
 */
export function closestEquivalents(
  layout: Layout,
  current: Uint8Array,
  asked: readonly SeatIndex[],
  gone: readonly SeatIndex[]
): SeatIndex[][] {
  const map = withoutSeats(current, gone);
  const area = layout.areas.find(({ first, count }) => asked.every((seat) => seat >= first && seat < first + count));
  if (area) return placesOf(map, area, asked.length, OFFERED);
  const seats = asked.filter((seat) => seat < layout.capacity && layout.stretchOf[seat] !== 0);
  const [first] = seats;
  if (first === undefined) return [];
  const terms = { count: asked.length, accessible: seats.some((seat) => layout.wheelchair[seat] === 1) };
  const near = nearest(layout, map, terms, seats, OFFERED).map((block) => seatsOf(block, terms.count));
  if (near.length > 0) return near;
  const apart = splitInTwo(layout, map, terms, seats);
  return apart ? [apart] : [];
}

/**
 * What comes closest when no block satisfies the wish: as many seats together in another section or tier, then the
 * group in two blocks near each other, then fewer seats together.
 */
export function insteadOfWish(layout: Layout, map: Uint8Array, wish: SeatWish): SeatIndex[][] {
  const { count, tier, accessible } = wish;
  const anywhere = { count, ...(accessible === undefined ? {} : { accessible }) };
  const sameTier = { ...anywhere, ...(tier === undefined ? {} : { tier }) };
  const offers: SeatIndex[][] = [];
  const offer = (seats: SeatIndex[] | undefined) => {
    if (seats && offers.length < OFFERED && !offers.some(([first]) => first === seats[0])) offers.push(seats);
  };
  if (wish.section !== undefined || wish.area !== undefined) offer(candidateBlocks(layout, map, sameTier, 1)[0]);
  if (offers.length === 0 && tier !== undefined) offer(candidateBlocks(layout, map, anywhere, 1)[0]);
  if (wish.area !== undefined) return offers;
  const longest = longestRun(layout, map, wish);
  if (longest === 0) return offers;
  offer(splitWish(layout, map, wish, longest));
  offer(candidateBlocks(layout, map, { ...wish, count: longest }, 1)[0]);
  return offers;
}

/** The group in two blocks, as even as possible, so that nobody sits alone who need not. */
function splitWish(layout: Layout, map: Uint8Array, wish: SeatWish, longest: number): SeatIndex[] | undefined {
  const { count } = wish;
  const least = Math.max(Math.ceil(count / 2), count - longest);
  for (let size = least; size < Math.min(count, longest + 1, least + SPLITS_TRIED); size++) {
    const [first] = candidateBlocks(layout, map, { ...wish, count: size }, 1);
    if (!first) continue;
    const rest = { ...termsOf(layout, wish), count: count - size, accessible: false };
    const [second] = nearest(layout, withoutSeats(map, first), rest, first, 1, wish.section);
    if (second !== undefined) return [...first, ...seatsOf(second, rest.count)].sort((a, b) => a - b);
  }
  return undefined;
}

function splitInTwo(layout: Layout, map: Uint8Array, terms: Terms, near: readonly SeatIndex[]) {
  const least = Math.ceil(terms.count / 2);
  for (let size = least; size < Math.min(terms.count, least + SPLITS_TRIED); size++) {
    const [start] = nearest(layout, map, { ...terms, count: size }, near, 1);
    if (start === undefined) continue;
    const first = seatsOf(start, size);
    const rest = { count: terms.count - size };
    const [second] = nearest(layout, withoutSeats(map, first), rest, near, 1);
    if (second !== undefined) return [...first, ...seatsOf(second, rest.count)].sort((a, b) => a - b);
  }
  return undefined;
}

interface Ranked extends Block {
  rank: number;
}

/** The blocks nearest to `to`, those of its tier first, then of its section: the first seat of each. */
function nearest(
  layout: Layout,
  map: Uint8Array,
  terms: Terms,
  to: readonly SeatIndex[],
  most: number,
  within?: string
): SeatIndex[] {
  const middle = (values: Float32Array) => to.reduce((sum, seat) => sum + (values[seat] ?? 0), 0) / to.length;
  const [x, y] = [middle(layout.xs), middle(layout.ys)];
  const like = to[0] ?? 0;
  const home = layout.sections.get(layout.stretches[(layout.stretchOf[like] ?? 0) - 1]?.section ?? '');
  // Not Math.hypot, which is many times as slow: in a large house this runs for thousands of seats.
  const distance = (dx: number, dy: number) => Math.sqrt(dx * dx + dy * dy);
  const costOf = (seat: SeatIndex) => distance((layout.xs[seat] ?? NaN) - x, (layout.ys[seat] ?? NaN) - y);
  const away = (circle: Circle) => Math.max(0, distance(circle.x - x, circle.y - y) - circle.radius);
  const closer = (a: Ranked, b: Ranked) => a.rank - b.rank || a.cost - b.cost || compare(a, b);
  const shortlist = new Shortlist<Ranked>(most, closer);
  const hopeless = (rank: number, circle: Circle) => {
    const { worst } = shortlist;
    return worst !== undefined && (worst.rank < rank || (worst.rank === rank && worst.cost <= away(circle)));
  };
  const visit = (section: Section, here: number) => {
    for (const stretch of section.stretches) {
      const rank = here + (stretch.tier === layout.tierOf[like] ? 0 : OTHER_TIER);
      if (hopeless(rank, stretch)) continue;
      eachRun(layout, map, stretch, terms, (first, count) => {
        for (const block of cut(layout, terms, { first, count }, costOf, most)) {
          shortlist.add({ ...block, rank, cost: block.cost + (block.leavesLone ? LONE : 0) });
        }
      });
    }
  };
  if (home) visit(home, 0);
  if (within === undefined) {
    // The nearest sections first: what is found there lets most of the house go unlooked at.
    const others = [...layout.sections.values()].filter((section) => section !== home);
    for (const section of others.sort((a, b) => away(a) - away(b))) {
      if (!hopeless(OTHER_SECTION, section)) visit(section, OTHER_SECTION);
    }
  }
  return shortlist.blocks().map(({ first }) => first);
}

function withoutSeats(map: Uint8Array, seats: readonly SeatIndex[]): Uint8Array {
  const copy = map.slice();
  for (const seat of seats) if (seat >> 2 < copy.length) setSeatState(copy, seat, SeatState.held);
  return copy;
}
