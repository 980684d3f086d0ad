import { row_left } from '#domain/messages/compiled/seat_map.js';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { House } from './house.ts';
import type { ShownSeats } from './shown.ts';

/** A busy row is told of once in a while (ms), or nothing else would be heard. */
const QUIET_MS = 2500;

/** "Row C: 4 left" */
export function rowInWords(house: House, show: Pick<ShownSeats, 'look'>, seat: SeatIndex): string {
  const row = house.row(seat);
  if (!row) return '';
  let left = 0;
  for (let n = row.first; n < row.first + row.count; n++) if (show.look(n) === 'available') left++;
  return row_left({ row: row.label, count: left });
}

/** What changes around the seat that the keyboard is at, in words for a polite live region. */
export class Nearby {
  said = $state('');
  readonly #house: House;
  readonly #show: ShownSeats;
  readonly #stop: () => void;
  #seat: SeatIndex | null = null;
  #last = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(house: House, show: ShownSeats) {
    this.#house = house;
    this.#show = show;
    this.#stop = show.onSeats((seats) => this.#changed(seats));
  }

  /** The keyboard is at this seat now, or has left the map. What its row has left is told by others. */
  at(seat: SeatIndex | null) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seat = seat;
    this.#last = seat === null ? '' : rowInWords(this.#house, this.#show, seat);
  }

  close() {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #changed(seats: readonly SeatIndex[] | 'all') {
    const row = this.#seat === null ? undefined : this.#house.row(this.#seat);
    if (!row || this.#timer !== undefined) return;
    if (seats !== 'all' && !seats.some((seat) => seat >= row.first && seat < row.first + row.count)) return;
    this.#timer = setTimeout(() => this.#tell(), QUIET_MS);
  }

  #tell() {
    this.#timer = undefined;
    if (this.#seat === null) return;
    const words = rowInWords(this.#house, this.#show, this.#seat);
    if (words !== this.#last) this.said = words;
    this.#last = words;
  }
}
