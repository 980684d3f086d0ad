import { refuse, type Refusal } from '#domain/refusal.ts';

/** Something in a file that was not as it should be, and what was done about it. Paths are like `zones.0.rows.3`. */
export interface Repair {
  path: string;
  problem: string;
  repair: string;
}

export interface ReadError {
  path: string;
  message: string;
}

const LISTED_AT_MOST = 5000;
const ERRORS_AT_MOST = 100;
const SEAT_PATH = /^(.*\.seats\.)(\d+)(.*)$/;

/**
 * Collects what is found while reading. The same repair of seats side by side becomes one entry with a range
 * (`zones.0.rows.3.seats.0–35.category`): in a file of 100,000 seats without categories nobody reads 100,000 lines.
 */
export class Findings {
  readonly errors: ReadError[] = [];
  readonly #repairs: { head: string; from: number; to: number; tail: string; problem: string; repair: string }[] = [];
  readonly #open = new Map<string, number>();
  #row = '';
  #unlisted = 0;

  error(path: string, message: string): void {
    if (this.errors.length < ERRORS_AT_MOST) this.errors.push({ path, message });
  }

  repair(path: string, problem: string, repair: string): void {
    const [, head = path, seat = '-1', tail = ''] = SEAT_PATH.exec(path) ?? [];
    const n = Number(seat);
    // Ranges never leave their row, so only this row's need to be kept at hand.
    if (head !== this.#row) this.#open.clear();
    this.#row = head;
    const key = `${tail}\n${problem}\n${repair}`;
    const last = this.#repairs[this.#open.get(key) ?? -1];
    if (last && n >= 0 && last.to === n - 1) {
      last.to = n;
      return;
    }
    if (this.#repairs.length >= LISTED_AT_MOST) {
      this.#unlisted++;
      return;
    }
    this.#open.set(key, this.#repairs.length);
    this.#repairs.push({ head, from: n, to: n, tail, problem, repair });
  }

  get repairs(): Repair[] {
    const listed = this.#repairs.map(({ head, from, to, tail, problem, repair }) => ({
      path: from < 0 ? head : `${head}${from === to ? from : `${from}–${to}`}${tail}`,
      ...{ problem, repair }
    }));
    if (this.#unlisted === 0) return listed;
    const problem = `${this.#unlisted.toLocaleString('en')} more places like those above`;
    return [...listed, { path: '', problem, repair: 'repaired in the same ways' }];
  }

  refusal(): Refusal {
    const first = this.errors[0];
    const where = first?.path ? `${first.path}: ` : '';
    return refuse('INVALID', `This file cannot be read as a seating plan. ${where}${first?.message ?? ''}`.trim(), {
      errors: this.errors
    });
  }
}
