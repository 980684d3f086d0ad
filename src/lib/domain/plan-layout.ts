import type { Plan, SeatAttribute } from './plan.ts';
import type { SeatIndex } from './seat-map.ts';

/**
 * A seating plan as the map takes it: what there is to know of each seat stands in columns, by seat index. 100,000 seats
 * as objects are 9 MB of JSON to fetch and read, and 20 MB to keep; as columns 1.3 MB, which are drawn from as they come.
 */
export interface PlanLayout {
  plan: Omit<Plan, 'seats'>;
  /** NaN for places of standing areas: they have no position. */
  xs: Float32Array;
  ys: Float32Array;
  /** Index into the plan's tiers. */
  tierOf: Uint8Array;
  /** What is written on seats, each word once, and which of them on this one; 0 where no seat stands. */
  labels: string[];
  labelOf: Uint32Array;
  attributes: Map<SeatIndex, SeatAttribute[]>;
}

export function layOut({ seats, ...plan }: Plan): PlanLayout {
  const layout: PlanLayout = {
    plan,
    xs: new Float32Array(plan.capacity).fill(NaN),
    ys: new Float32Array(plan.capacity).fill(NaN),
    tierOf: new Uint8Array(plan.capacity),
    labels: [''],
    labelOf: new Uint32Array(plan.capacity),
    attributes: new Map()
  };
  const tierIndex = new Map(plan.tiers.map(({ id }, n) => [id, n]));
  const known = new Map<string, number>();
  for (const { index, x, y, tier, label, attributes } of seats) {
    layout.xs[index] = x;
    layout.ys[index] = y;
    layout.tierOf[index] = tierIndex.get(tier) ?? 0;
    const word = known.get(label) ?? layout.labels.push(label) - 1;
    known.set(label, word);
    layout.labelOf[index] = word;
    if (attributes) layout.attributes.set(index, attributes);
  }
  for (const { tier, first, count } of plan.areas) {
    layout.tierOf.fill(tierIndex.get(tier) ?? 0, first, first + count);
  }
  return layout;
}

/** Places travel as whole thousandths of a seat's width. */
const STEPS = 1000;
/** In the place of a difference: this one stands nowhere. */
const NOWHERE = -(2 ** 31);

interface Head {
  plan: PlanLayout['plan'];
  labels: string[];
  attributes: [SeatIndex, SeatAttribute[]][];
}

/**
 * As bytes, little-endian: the length of a JSON text, the text (the plan without its seats, labels, attributes; padded with
 * spaces to a multiple of four), x and y of each seat as differences to the one before, labels, tiers. Neighbours differ
 * by almost the same, so it shrinks well.
 */
export function packLayout({ plan, xs, ys, tierOf, labels, labelOf, attributes }: PlanLayout): Uint8Array {
  const head: Head = { plan, labels, attributes: [...attributes] };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const padded = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(4 + padded + 13 * plan.capacity);
  new DataView(bytes.buffer).setUint32(0, padded, true);
  bytes.fill(32, 4, 4 + padded).set(text, 4);
  let at = 4 + padded;
  for (const column of [differences(xs), differences(ys), labelOf, tierOf]) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

/** Reads what packLayout wrote; `bytes` stay in use. */
export function unpackLayout(bytes: ArrayBuffer): PlanLayout {
  const padded = new DataView(bytes).getUint32(0, true);
  // Written by our own server, from a plan that it checked.
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, padded))) as Head;
  const { capacity } = head.plan;
  const from = 4 + padded;
  return {
    plan: head.plan,
    xs: sums(new Int32Array(bytes, from, capacity)),
    ys: sums(new Int32Array(bytes, from + 4 * capacity, capacity)),
    labels: head.labels,
    labelOf: new Uint32Array(bytes, from + 8 * capacity, capacity),
    tierOf: new Uint8Array(bytes, from + 12 * capacity, capacity),
    attributes: new Map(head.attributes)
  };
}

function differences(places: Float32Array): Int32Array {
  let before = 0;
  return Int32Array.from(places, (place) => {
    if (Number.isNaN(place)) return NOWHERE;
    const now = Math.round(place * STEPS);
    const step = now - before;
    before = now;
    return step;
  });
}

/** In the memory that held the differences: what they were nobody asks again. */
function sums(steps: Int32Array): Float32Array {
  const places = new Float32Array(steps.buffer, steps.byteOffset, steps.length);
  let now = 0;
  for (let n = 0; n < steps.length; n++) {
    const step = steps[n] ?? 0;
    if (step !== NOWHERE) now += step;
    places[n] = step === NOWHERE ? NaN : now / STEPS;
  }
  return places;
}
