import type { SeatIndex } from '#domain/seat-map.ts';

/** All seats that have a place, cell after cell, and where each cell starts among them. */
interface Cells {
  seats: Uint32Array;
  starts: Uint32Array;
}

/** Finds seats by where they are: a grid of square cells, laid out when it is first needed. */
export class SeatGrid {
  readonly #cell = 4;
  readonly #columns: number;
  readonly #rows: number;
  readonly #size: { width: number; height: number };
  readonly #xs: Float32Array;
  readonly #ys: Float32Array;
  #cells: Cells | undefined;

  constructor(xs: Float32Array, ys: Float32Array, size: { width: number; height: number }) {
    [this.#xs, this.#ys, this.#size] = [xs, ys, size];
    this.#columns = Math.max(1, Math.ceil(size.width / this.#cell));
    this.#rows = Math.max(1, Math.ceil(size.height / this.#cell));
  }

  /** All seats that have a place. */
  get seats(): Uint32Array {
    return this.layOut().seats;
  }

  /** Lays the cells out, if they are not yet: where there is time for it before somebody waits for it. */
  layOut(): Cells {
    return (this.#cells ??= this.#made());
  }

  #made(): Cells {
    const [xs, ys] = [this.#xs, this.#ys];
    const starts = new Uint32Array(this.#columns * this.#rows + 1);
    const cells = new Int32Array(xs.length);
    for (let seat = 0; seat < xs.length; seat++) {
      const x = xs[seat] ?? NaN;
      const cell = Number.isNaN(x) ? -1 : this.#cellOf(x, ys[seat] ?? 0);
      cells[seat] = cell;
      if (cell >= 0) starts[cell + 1] = (starts[cell + 1] ?? 0) + 1;
    }
    for (let n = 1; n < starts.length; n++) starts[n] = (starts[n] ?? 0) + (starts[n - 1] ?? 0);
    const next = starts.slice();
    const seats = new Uint32Array(starts.at(-1) ?? 0);
    for (let seat = 0; seat < cells.length; seat++) {
      const cell = cells[seat] ?? -1;
      if (cell < 0) continue;
      const at = next[cell] ?? 0;
      seats[at] = seat;
      next[cell] = at + 1;
    }
    return { seats, starts };
  }

  #clampX = (x: number) => Math.min(this.#columns - 1, Math.max(0, Math.floor(x / this.#cell)));
  #clampY = (y: number) => Math.min(this.#rows - 1, Math.max(0, Math.floor(y / this.#cell)));
  #cellOf(x: number, y: number) {
    return this.#clampY(y) * this.#columns + this.#clampX(x);
  }

  /** Every seat in the rectangle (and some around it: whole cells). */
  within(left: number, top: number, right: number, bottom: number, visit: (seat: SeatIndex) => void): void {
    const { seats } = this.layOut();
    for (const [start, end] of this.#parts(left, top, right, bottom)) {
      for (let n = start; n < end; n++) visit(seats[n] ?? 0);
    }
  }

  /**
   * The same as parts `seats[start … end − 1]`: a call for each part, and none for each seat. Where all of them are asked
   * for before the cells are laid out, `seats` is null: the seats are those numbers, and some of them have no place.
   */
  spans(
    left: number,
    top: number,
    right: number,
    bottom: number,
    visit: (seats: Uint32Array | null, start: number, end: number) => void
  ): void {
    const { width, height } = this.#size;
    if (!this.#cells && left <= 0 && top <= 0 && right >= width && bottom >= height) {
      return visit(null, 0, this.#xs.length);
    }
    for (const [start, end] of this.#parts(left, top, right, bottom)) visit(this.seats, start, end);
  }

  /** A part for each row of cells, as the seats of a row stand together. */
  *#parts(left: number, top: number, right: number, bottom: number): Generator<[start: number, end: number]> {
    const { starts } = this.layOut();
    const [from, to] = [this.#clampX(left), this.#clampX(right)];
    for (let row = this.#clampY(top); row <= this.#clampY(bottom); row++) {
      const start = starts[row * this.#columns + from] ?? 0;
      const end = starts[row * this.#columns + to + 1] ?? 0;
      if (end > start) yield [start, end];
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
