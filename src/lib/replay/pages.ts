import { replayPage, type ReplayRun } from '#domain/seat-events.ts';
import { sizedMap, type SeatIndex, type SeatState } from '#domain/seat-map.ts';

/** One page of a run: a map, and what happened from there to the next page. Times are ms since 1970. */
export interface Page {
  run: ReplayRun;
  /** Which of the run's starts it begins at. */
  n: number;
  map: Uint8Array;
  at: Float64Array;
  states: Uint8Array;
  seats: SeatIndex[][];
}

const KEPT = 24;

/** Reads pages when they are asked for, each once, and forgets those that were not looked at for longest. */
export class Pages {
  readonly #show: string;
  readonly #pages = new Map<string, Promise<Page | null>>();

  constructor(show: string) {
    this.#show = show;
  }

  /** Null when it could not be read; asked again, it is tried again. */
  get(run: ReplayRun, n: number): Promise<Page | null> {
    const name = `${run.epoch}/${n}`;
    const page = this.#pages.get(name) ?? this.#read(run, n);
    this.#pages.delete(name);
    this.#pages.set(name, page);
    void page.then((found) => {
      if (!found) this.#pages.delete(name);
    });
    for (const [oldest] of this.#pages) {
      if (this.#pages.size <= KEPT) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  async #read(run: ReplayRun, n: number): Promise<Page | null> {
    const start = run.starts[n];
    if (!start) return null;
    const to = run.starts[n + 1]?.version ?? run.last;
    const query = new URLSearchParams({
      ...{ epoch: String(run.epoch), from: String(start.version), to: String(to) }
    });
    const answer = await fetch(`/api/v1/admin/shows/${this.#show}/replay?${query}`).catch(() => null);
    if (!answer?.ok) return null;
    const parsed = replayPage.safeParse(await answer.json());
    if (!parsed.success) return null;
    const { map, at, steps, states, seats } = parsed.data;
    const times = new Float64Array(steps.length);
    let last = at;
    steps.forEach((step, i) => (times[i] = last += step));
    return {
      ...{ run, n, seats, at: times },
      map: sizedMap(
        Uint8Array.from(atob(map), (sign) => sign.charCodeAt(0)),
        run.capacity
      ),
      states: Uint8Array.from(states, Number)
    };
  }
}

export const stateAt = (page: Page, i: number) => (page.states[i] ?? 0) as SeatState;
