import type { SeatIndex } from '#domain/seat-map.ts';

/** Finds seats by where they are: a grid of square cells, stored as one list with a start for each cell. */
export class SeatGrid {
  readonly #cell = 4;
  readonly #columns: number;
  readonly #rows: number;
  readonly #starts: Uint32Array;
  /** All seats that have a place, cell after cell. */
  readonly seats: Uint32Array;
  readonly #xs: Float32Array;
  readonly #ys: Float32Array;

  constructor(xs: Float32Array, ys: Float32Array, size: { width: number; height: number }) {
    this.#xs = xs;
    this.#ys = ys;
    this.#columns = Math.max(1, Math.ceil(size.width / this.#cell));
    this.#rows = Math.max(1, Math.ceil(size.height / this.#cell));
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    const cells = new Int32Array(xs.length);
    for (let seat = 0; seat < xs.length; seat++) {
      const x = xs[seat] ?? NaN;
      const cell = Number.isNaN(x) ? -1 : this.#cellOf(x, ys[seat] ?? 0);
      cells[seat] = cell;
      if (cell >= 0) this.#starts[cell + 1] = (this.#starts[cell + 1] ?? 0) + 1;
    }
    for (let n = 1; n < this.#starts.length; n++) this.#starts[n] = (this.#starts[n] ?? 0) + (this.#starts[n - 1] ?? 0);
    const next = this.#starts.slice();
    this.seats = new Uint32Array(this.#starts.at(-1) ?? 0);
    cells.forEach((cell, seat) => {
      if (cell < 0) return;
      const at = next[cell] ?? 0;
      this.seats[at] = seat;
      next[cell] = at + 1;
    });
  }

  #clampX = (x: number) => Math.min(this.#columns - 1, Math.max(0, Math.floor(x / this.#cell)));
  #clampY = (y: number) => Math.min(this.#rows - 1, Math.max(0, Math.floor(y / this.#cell)));
  #cellOf(x: number, y: number) {
    return this.#clampY(y) * this.#columns + this.#clampX(x);
  }

  /** Every seat in the rectangle (and some around it: whole cells). */
  within(left: number, top: number, right: number, bottom: number, visit: (seat: SeatIndex) => void): void {
    this.spans(left, top, right, bottom, (start, end) => {
      for (let n = start; n < end; n++) visit(this.seats[n] ?? 0);
    });
  }

  /** The same as parts `seats[start … end − 1]`: a call for each part, and none for each seat. */
  spans(left: number, top: number, right: number, bottom: number, visit: (start: number, end: number) => void): void {
    const [from, to] = [this.#clampX(left), this.#clampX(right)];
    for (let row = this.#clampY(top); row <= this.#clampY(bottom); row++) {
      const start = this.#starts[row * this.#columns + from] ?? 0;
      const end = this.#starts[row * this.#columns + to + 1] ?? 0;
      if (end > start) visit(start, end);
    }
  }

  /** The seat nearest to the point, not further than `reach`. */
  nearest(x: number, y: number, reach: number): SeatIndex | null {
    let best: SeatIndex | null = null;
    let bestDistance = reach;
    this.within(x - reach, y - reach, x + reach, y + reach, (seat) => {
      const distance = Math.hypot((this.#xs[seat] ?? 0) - x, (this.#ys[seat] ?? 0) - y);
      if (distance > bestDistance) return;
      best = seat;
      bestDistance = distance;
    });
    return best;
  }
}
