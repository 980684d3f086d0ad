import type { SeatCounts } from '#domain/seat-map.ts';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/**
 * What is counted in one process and sent to the parent each second. Latencies are µs in HdrHistograms (two digits kept,
 * up to two minutes). `hold` and `best` are counted from when the click was meant to be made: a simulator that waits for
 * a slow answer before it clicks again would otherwise leave out just the clicks that would have been slow (coordinated
 * omission). `… answered` is the same from when it was really sent.
 */
const MOST_US = 120_000_000;
export const newHistogram = (): Histogram =>
  build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MOST_US,
    numberOfSignificantValueDigits: 2,
    useWebAssembly: false
  });

/** What a correct client may hear; every other refusal is an error of somebody's. */
const EXPECTED = new Set([
  ...[
    'SEAT_TAKEN',
    'CAP_REACHED',
    'HOLD_EXPIRED',
    'LIMIT_REACHED',
    'SALE_PAUSED',
    'SALE_CLOSED',
    'RATE_LIMITED',
    'BUSY'
  ]
]);

/** One process' second. */
export interface Sample {
  counts: Record<string, number>;
  refusals: Record<string, number>;
  errors: Record<string, number>;
  /** The first errors in full. */
  details: string[];
  /** By operation, encoded. */
  times: Record<string, string>;
  connected: number;
  /** When the last socket here got the frame that ends at this version. */
  frames: [version: string, last: number][];
  /** Clicks of this process by the version that showed them, with when they were sent. */
  clicks: [version: string, sent: number][];
  /** As the map of this process has them; null before it has one. */
  seats: SeatCounts | null;
}

const DETAILS_AT_MOST = 20;

export class Tally {
  #counts: Record<string, number> = {};
  #refusals: Record<string, number> = {};
  #errors: Record<string, number> = {};
  #details: string[] = [];
  #told = 0;
  #times = new Map<string, Histogram>();
  connected = 0;

  count(what: string, by = 1): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + by;
  }

  time(operation: string, ms: number): void {
    const known = this.#times.get(operation) ?? newHistogram();
    this.#times.set(operation, known);
    known.recordValue(Math.min(MOST_US, Math.max(1, Math.round(ms * 1000))));
  }

  /** A click that was meant for `due`, sent at `sent` and answered at `done`. */
  click(operation: string, due: number, sent: number, done: number): void {
    this.time(operation, done - Math.min(due, sent));
    this.time(`${operation} answered`, done - sent);
  }

  /** A "no" of the contract, or an error when a correct client never hears it. */
  refused(operation: string, code: string, message: string): void {
    if (!EXPECTED.has(code)) return this.error(`${operation}: ${code}`, message);
    this.#refusals[code] = (this.#refusals[code] ?? 0) + 1;
  }

  error(what: string, detail: string): void {
    this.#errors[what] = (this.#errors[what] ?? 0) + 1;
    if (this.#told++ < DETAILS_AT_MOST) this.#details.push(`${what}: ${detail}`);
  }

  /** What happened since it was last taken. */
  take(): Omit<Sample, 'frames' | 'clicks' | 'seats'> {
    const times = Object.fromEntries([...this.#times].map(([name, each]) => [name, encodeIntoCompressedBase64(each)]));
    const sample = {
      ...{ counts: this.#counts, refusals: this.#refusals, errors: this.#errors, details: this.#details },
      ...{ times, connected: this.connected }
    };
    [this.#counts, this.#refusals, this.#errors, this.#details] = [{}, {}, {}, []];
    this.#times = new Map();
    return sample;
  }
}

export const readHistogram = (text: string): Histogram => decodeFromCompressedBase64(text);
