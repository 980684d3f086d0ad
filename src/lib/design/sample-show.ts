import { generatePlan } from '#domain/generate-plan.ts';
import { layOut } from '#domain/plan-layout.ts';
import { newSeatMap, setSeatState, SeatState, type SeatIndex } from '#domain/seat-map.ts';
import { House } from '$lib/seatmap/house.ts';
import { LiveShow, type SeatLook } from '$lib/seatmap/live-show.svelte.ts';

/** A show that nobody sells: for the pages that show what components look like. It is never connected. */

export const CURRENCY = 'EUR';
/** A Saturday in December, a quarter past seven: what is shown must look the same tomorrow. */
export const NOW = Date.UTC(2031, 11, 12, 18, 15);
const MINUTE_MS = 60_000;

export const TIERS = [
  { tier: 'floor', name: 'Floor', ordinal: 1, price: 3800 },
  { tier: 'gallery', name: 'Gallery', ordinal: 2, price: 2600 },
  { tier: 'standing', name: 'Standing', ordinal: 3, price: 1800 }
];

export const house = new House(layOut(generatePlan(120)), TIERS);

/** Seats by what the page wants to show with them. */
export const SHOWN = {
  held: [3, 4, 17, 18, 19, 30, 41, 52, 53],
  booked: [0, 1, 2, 8, 9, 14, 15, 22, 23, 24, 33, 34, 35, 44, 45, 60, 61, 62],
  blocked: [70, 71],
  yours: [26, 27],
  pending: [28],
  offered: [37, 38, 39],
  neighbour: 25
} satisfies Record<string, SeatIndex[] | SeatIndex>;

const STATES = { held: SeatState.held, booked: SeatState.booked, blocked: SeatState.blocked };

interface Sample {
  /** How long the hold still lasts, ms; without it there is none. */
  left?: number;
  phase?: 'selecting' | 'paying';
  /** Seats are offered in place of one that was taken. */
  refused?: boolean;
}

export class SampleShow extends LiveShow {
  readonly #pending: ReadonlySet<SeatIndex>;

  constructor({ left, phase = 'selecting', refused = false }: Sample = {}) {
    const hold = {
      ...{ id: 'sample', showId: 'sample', seats: SHOWN.yours, phase },
      ...{ deadline: NOW + (left ?? 0), hardLimit: NOW + (left ?? 0) + 20 * MINUTE_MS }
    };
    super('sample', { hold: left === undefined ? null : hold, sale: 'open', serverTime: NOW });
    this.#pending = new Set(left === undefined ? [] : SHOWN.pending);
    this.nameOf = (seat) => house.name(seat).short;
    this.connection = 'live';
    const { capacity } = house.plan;
    const map = newSeatMap(capacity);
    for (const [state, code] of Object.entries(STATES)) {
      for (const seat of SHOWN[state as keyof typeof STATES]) setSeatState(map, seat, code);
    }
    this.live.snapshot({ epoch: 1, version: 1, capacity, map });
    if (refused) this.trouble = { text: 'C5 was taken a moment ago.', instead: SHOWN.offered, room: false };
  }

  override look(seat: SeatIndex): SeatLook {
    return this.#pending.has(seat) ? 'pending' : super.look(seat);
  }

  /** Somebody else chooses the seat beside yours, or lets it go again. */
  neighbour() {
    const { epoch, version, capacity } = this.live;
    const change = this.live.state(SHOWN.neighbour) === SeatState.held ? 'available' : 'held';
    const changes = { from: version, to: version + 1, [change]: [SHOWN.neighbour] };
    if (capacity > 0) this.live.frame({ showId: 'sample', epoch, ...changes });
  }

  override toggle() {
    /* Nobody is there to ask. */
  }
  override release() {
    /* As above. */
  }
  override extend() {
    /* As above. */
  }
}

export const heldSeats = SHOWN.yours.map((index) => {
  const tier = house.tier(index);
  return {
    ...{ index, ...house.name(index), price: house.price(index) },
    ...{ tier: tier?.id ?? '', ordinal: tier?.ordinal ?? 1, tierName: tier?.name ?? '' }
  };
});

export const PRICES = {
  tiers: TIERS,
  ...{ ticketTypes: [], fees: [], tax: null },
  earlier: { prices: [], pricing: [] }
};
