import { LiveMap } from '#domain/live-map.ts';
import type { ReplayRun, SeatHistory } from '#domain/seat-events.ts';
import {
  countStates,
  encodeSeats,
  seatState,
  STATE_NAMES,
  type SeatCounts,
  type SeatIndex,
  type SeatState
} from '#domain/seat-map.ts';
import type { ShownSeats } from '$lib/seatmap/shown.ts';
import { Pages, stateAt, type Page } from './pages.ts';

export const SPEEDS = [1, 10, 60, 600] as const;
/** The page after this one is read while so much (ms of the show's time, at the present speed) is left of it. */
const AHEAD_MS = 4000;

/**
 * A show's past, moved about in. The map is the live one: forward it takes frames, backward it is made anew from the
 * page's map, which is 2,500 changes away at most.
 */
export class Replay implements ShownSeats {
  readonly live = new LiveMap();
  readonly mine: ReadonlySet<SeatIndex> = new Set();
  readonly trouble = null;
  readonly found: readonly SeatIndex[] = [];
  readonly runs: readonly ReplayRun[];
  readonly from: number;
  readonly to: number;
  revision = $state(0);
  /** The moment that is shown, ms since 1970. */
  now = $state(0);
  playing = $state(false);
  speed = $state<(typeof SPEEDS)[number]>(60);
  failed = $state(false);
  run = $state.raw<ReplayRun | null>(null);
  counts = $state.raw<SeatCounts>({ available: 0, held: 0, booked: 0, blocked: 0 });
  readonly #pages: Pages;
  readonly #listeners = new Set<(seats: readonly SeatIndex[] | 'all') => void>();
  #page: Page | null = null;
  /** Entries of the page that the map has taken. */
  #taken = 0;
  /** The map's own count of what it was given: a new map is a new epoch to it. */
  #maps = 0;
  #wish = 0;
  #frame = 0;
  #last = 0;

  constructor(show: string, { runs }: Pick<SeatHistory, 'runs'>) {
    this.#pages = new Pages(show);
    this.runs = runs;
    this.from = runs[0]?.starts[0]?.at ?? 0;
    this.to = Math.max(this.from, runs.at(-1)?.to ?? 0);
    this.live.onChange((seats) => {
      this.revision++;
      for (const listener of this.#listeners) listener(seats);
    });
  }

  onSeats(listener: (seats: readonly SeatIndex[] | 'all') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  look = (seat: SeatIndex) => STATE_NAMES[this.live.state(seat)];
  toggle = () => undefined;

  /** Shows the moment; of several wishes the last one counts. */
  async seek(to: number): Promise<void> {
    const at = Math.min(this.to, Math.max(this.from, to));
    this.now = at;
    const wish = ++this.#wish;
    const [run, n] = this.#placeOf(at);
    if (!run) return;
    const page = this.#isAt(run, n) ? this.#page : await this.#pages.get(run, n);
    if (wish !== this.#wish) return;
    this.failed = page === null;
    if (page) this.#show(page, countUpTo(page, at));
  }

  /** To the next change, or the one before. */
  async step(by: 1 | -1): Promise<void> {
    this.pause();
    let page = this.#page;
    if (!page) return;
    const wish = ++this.#wish;
    let taken = this.#taken + by;
    if (taken < 0 || taken > page.states.length) {
      page = await this.#beside(page, by);
      if (!page || wish !== this.#wish) return;
      taken = by > 0 ? Math.min(1, page.states.length) : Math.max(0, page.states.length - 1);
    }
    this.#show(page, taken);
    this.now = page.at[taken - 1] ?? page.run.starts[page.n]?.at ?? this.now;
  }

  play() {
    if (this.playing || this.runs.length === 0) return;
    if (this.now >= this.to) void this.seek(this.from);
    this.playing = true;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
  }

  #tick(now: number) {
    if (!this.playing) return;
    // A tab that slept does not leap.
    const passed = Math.min(100, now - this.#last) * this.speed;
    this.#last = now;
    void this.#advance(this.now + passed).then(() => {
      if (this.now >= this.to) this.pause();
      if (this.playing) this.#frame = requestAnimationFrame((next) => this.#tick(next));
    });
  }

  async #advance(to: number): Promise<void> {
    await this.seek(to);
    const next = this.#page && this.#page.run.starts[this.#page.n + 1];
    if (this.#page && next && next.at - this.now < AHEAD_MS * this.speed)
      void this.#pages.get(this.#page.run, this.#page.n + 1);
  }

  #placeOf(at: number): [ReplayRun | undefined, number] {
    const run = this.runs.findLast(({ starts: [first] }) => first && first.at <= at) ?? this.runs[0];
    const n = run?.starts.findLastIndex((start) => start.at <= at) ?? 0;
    return [run, Math.max(0, n)];
  }

  #isAt(run: ReplayRun, n: number) {
    return this.#page?.run === run && this.#page.n === n;
  }

  #beside({ run, n }: Page, by: 1 | -1): Promise<Page | null> {
    if (run.starts[n + by]) return this.#pages.get(run, n + by);
    const next = this.runs[this.runs.indexOf(run) + by];
    if (!next) return Promise.resolve(null);
    return this.#pages.get(next, by > 0 ? 0 : next.starts.length - 1);
  }

  #show(page: Page, taken: number) {
    if (this.#page !== page || taken < this.#taken) this.#begin(page);
    if (taken > this.#taken) this.#take(page, taken);
  }

  #begin(page: Page) {
    this.#page = page;
    this.#taken = 0;
    this.run = page.run;
    const { map, run } = page;
    this.live.snapshot({ epoch: ++this.#maps, version: 0, capacity: run.capacity, map: map.slice() });
    this.counts = countStates(this.live.map, run.capacity);
  }

  #take(page: Page, taken: number) {
    const last = new Map<SeatIndex, SeatState>();
    for (let i = this.#taken; i < taken; i++) for (const seat of page.seats[i] ?? []) last.set(seat, stateAt(page, i));
    const counts = { ...this.counts };
    const lists: SeatIndex[][] = [[], [], [], []];
    for (const [seat, state] of last) {
      counts[STATE_NAMES[seatState(this.live.map, seat)]]--;
      counts[STATE_NAMES[state]]++;
      lists[state]?.push(seat);
    }
    const changes = Object.fromEntries(
      lists.map((seats, state) => [STATE_NAMES[state as SeatState], encodeSeats(seats.sort((a, b) => a - b))])
    );
    this.live.frame({ showId: '', epoch: this.#maps, from: this.#taken, to: taken, ...changes });
    this.counts = counts;
    this.#taken = taken;
  }
}

/** How many of the page's entries had happened by then. */
function countUpTo(page: Page, at: number): number {
  let [low, high] = [0, page.at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((page.at[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
