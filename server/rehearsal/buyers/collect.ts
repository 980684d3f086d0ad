import type { SeatCounts } from '#domain/seat-map.ts';
import type { Histogram } from 'hdr-histogram-js';
import { percentileMs } from './percentile.ts';
import { newHistogram, readHistogram, type Sample } from './tally.ts';

/** One second of the whole simulation. */
export interface Second {
  at: number;
  connected: number;
  holds: number;
  bookings: number;
  refusals: number;
  errors: number;
  frames: number;
  /** ms, of the holds of this second, from when they were meant to be clicked. */
  p50: number | null;
  p99: number | null;
  everyoneP99: number | null;
  seats: SeatCounts | null;
}

export interface Totals {
  counts: Record<string, number>;
  refusals: Record<string, number>;
  errors: Record<string, number>;
  details: string[];
  times: Map<string, Histogram>;
  seconds: Second[];
}

/** A frame that came this long ago (ms) has reached everyone, or nobody else. */
const FRAMES_SETTLE_MS = 3000;
const DETAILS_AT_MOST = 50;

const addTo = (into: Record<string, number>, more: Record<string, number>) => {
  for (const [name, count] of Object.entries(more)) into[name] = (into[name] ?? 0) + count;
};
const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Puts the samples of all processes together, second by second. */
export function createCollector() {
  const totals: Totals = { counts: {}, refusals: {}, errors: {}, details: [], times: new Map(), seconds: [] };
  const lastOf = new Map<string, number>();
  let clicks: [version: string, sent: number][] = [];

  function add(name: string, more: Histogram) {
    const known = totals.times.get(name) ?? newHistogram();
    known.add(more);
    totals.times.set(name, known);
  }

  /** Clicks whose frame has reached everyone by now. */
  function everyone(now: number): Histogram {
    const delays = newHistogram();
    clicks = clicks.filter(([version, sent]) => {
      const last = lastOf.get(version);
      if (last === undefined || now - last < FRAMES_SETTLE_MS) return true;
      delays.recordValue(Math.max(1, Math.round((last - sent) * 1000)));
      return false;
    });
    add('click to everyone', delays);
    return delays;
  }

  return {
    totals,
    /** `at` in seconds after the start; `now` in ms since 1970. */
    second(at: number, now: number, samples: readonly Sample[]): Second {
      const own: Pick<Totals, 'counts' | 'refusals' | 'errors'> = { counts: {}, refusals: {}, errors: {} };
      const clicked = newHistogram();
      for (const sample of samples) {
        for (const part of ['counts', 'refusals', 'errors'] as const) {
          addTo(own[part], sample[part]);
          addTo(totals[part], sample[part]);
        }
        totals.details.push(...sample.details.slice(0, DETAILS_AT_MOST - totals.details.length));
        for (const [name, text] of Object.entries(sample.times)) {
          const histogram = readHistogram(text);
          add(name, histogram);
          if (name === 'hold' || name === 'best') clicked.add(histogram);
        }
        for (const [version, last] of sample.frames) lastOf.set(version, Math.max(last, lastOf.get(version) ?? 0));
        clicks.push(...sample.clicks);
      }
      const seen = everyone(now);
      const second: Second = {
        ...{ at, connected: samples.reduce((sum, { connected }) => sum + connected, 0) },
        ...{
          holds: own.counts['holds'] ?? 0,
          bookings: own.counts['bookings'] ?? 0,
          frames: own.counts['frames'] ?? 0
        },
        ...{ refusals: sumOf(own.refusals), errors: sumOf(own.errors) },
        ...{ p50: percentileMs(clicked, 50), p99: percentileMs(clicked, 99), everyoneP99: percentileMs(seen, 99) },
        seats: samples.find((sample) => sample.seats)?.seats ?? null
      };
      totals.seconds.push(second);
      return second;
    }
  };
}
