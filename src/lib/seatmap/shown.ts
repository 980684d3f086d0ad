import type { SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from './camera.ts';
import type { LiveShow } from './live-show.svelte.ts';

/** What the map draws: a show as it is now, or as it was. */
export type ShownSeats = Pick<
  LiveShow,
  'live' | 'look' | 'onSeats' | 'mine' | 'trouble' | 'found' | 'revision' | 'toggle'
>;

export interface MapEvents {
  /** `add`: with Shift, to what is picked already. */
  choose(seat: SeatIndex, add: boolean): void;
  /** The seat under the pointer and where it is, or null. */
  point(seat: SeatIndex | null, x: number, y: number): void;
  focus(seat: SeatIndex): void;
  /** Where it is set, the page around the map scrolls: a turn of the wheel that is meant for that page. */
  passed?(): void;
  /** The camera has another sight of the house. */
  look(camera: Camera): void;
}

/** Where seats are picked in numbers, blocked ones too, in the place of being taken: the control room. */
export interface Picks {
  readonly picked: ReadonlySet<SeatIndex>;
  /** A drag draws a rectangle; otherwise it does so with Shift. */
  readonly framing: boolean;
  pick(seats: SeatIndex[], add: boolean): void;
}
