import type { SeatIndex } from '#domain/seat-map.ts';
import { Camera } from './camera.ts';
import { NUMBERS_FROM, PRESS_FROM } from './detail.ts';
import type { Point } from './framing.ts';
import type { Block, House } from './house.ts';
import type { Picks, ShownSeats } from './shown.ts';
import type { Place } from './motion.ts';
import type { SeatGrid } from './seat-grid.ts';

/**
 * Below this size (px) a pointer cannot choose a seat: the map comes closer first. A finger's is that of every target on
 * a phone (WCAG 2.5.5).
 */
const CHOOSE_FROM = { mouse: 6, touch: 44 };
/** A section comes before the reader with seats at least so large (px): to look at, if not to choose. */
const LOOK_FROM = { mouse: 6, touch: 15 };
/** A press reaches so far (units) from the middle of a seat. */
const REACH = { mouse: 0.6, touch: 0.9 };

export type Pointer = 'mouse' | 'touch';

interface Pressed {
  house: House;
  show: ShownSeats;
  grid: SeatGrid;
  camera: Camera;
  picks: Picks | null;
}

interface PressEvents {
  choose(seat: SeatIndex, add: boolean): void;
  come(to: Place): void;
  /** This one was meant, and comes closer to be pressed again. */
  mark(seat: SeatIndex, to: Place): void;
  /** The map is on its way somewhere. */
  flying(): boolean;
}

/** What a press on the map means: a seat, a place of a standing area, or coming closer. */
export class Presses {
  readonly #of: Pressed;
  readonly #on: PressEvents;

  constructor(of: Pressed, on: PressEvents) {
    this.#of = of;
    this.#on = on;
  }

  /** The seat that a press here means, if seats are large enough to mean one. */
  seatAt(px: number, py: number, pointer: Pointer): SeatIndex | null {
    const { camera, grid, picks, show } = this.#of;
    if (camera.scale < PRESS_FROM) return null;
    const { x, y } = camera.toWorld(px, py);
    const seat = grid.nearest(x, y, REACH[pointer]);
    return seat !== null && (picks || show.look(seat) !== 'blocked') ? seat : null;
  }

  blockAt({ x, y }: Point): Block | undefined {
    return this.#of.house.blocks.find(({ box }) => x > box.left && x < box.right && y > box.top && y < box.bottom);
  }

  once(px: number, py: number, pointer: Pointer, add: boolean) {
    const { camera } = this.#of;
    const seat = this.seatAt(px, py, pointer);
    if (seat !== null && camera.scale >= CHOOSE_FROM[pointer]) return this.#on.choose(seat, add);
    if (seat !== null) return this.#comeTo(seat, pointer);
    const { x, y } = camera.toWorld(px, py);
    const block = this.blockAt({ x, y });
    if (block?.standing) return this.#place(block, add);
    if (camera.scale >= PRESS_FROM) return;
    if (block) this.#on.come(wholeBlock(camera, block, pointer));
    else this.#on.come({ x, y, scale: Math.max(2 * camera.scale, LOOK_FROM[pointer]) });
  }

  /** Comes closer, but where the first press was one on a seat, the second is one too. */
  twice(px: number, py: number, pointer: Pointer, add: boolean) {
    const { camera } = this.#of;
    const onSeat = this.seatAt(px, py, pointer) !== null;
    if (onSeat && camera.scale >= CHOOSE_FROM[pointer]) return this.once(px, py, pointer, add);
    // The first press is on its way to a section already.
    if (this.#on.flying()) return;
    const { x, y } = camera.toWorld(px, py);
    this.#on.come({ x: (x + camera.x) / 2, y: (y + camera.y) / 2, scale: camera.scale * 2 });
  }

  #comeTo(seat: SeatIndex, pointer: Pointer) {
    const { camera, house } = this.#of;
    const scale = pointer === 'touch' ? Camera.most : NUMBERS_FROM + 2;
    const to = camera.centred({ x: house.xs[seat] ?? 0, y: house.ys[seat] ?? 0, scale });
    if (pointer === 'touch') this.#on.mark(seat, to);
    else this.#on.come(to);
  }

  #place({ first, size }: Block, add: boolean) {
    const { picks, show } = this.#of;
    if (picks) {
      picks.pick(
        Array.from({ length: size }, (_, n) => first + n),
        add
      );
      return;
    }
    const free = anyAvailable(first, size, (seat) => show.look(seat) === 'available');
    if (free !== null) this.#on.choose(free, false);
  }
}

/** Where a section or a standing area is seen as a whole, its seats large enough to choose where that is possible. */
const wholeBlock = (camera: Camera, block: Block, pointer: Pointer): Place =>
  camera.onto(block.box, block.standing ? 1 : LOOK_FROM[pointer], NUMBERS_FROM + 2);

/** Any available place of a standing area; a random one, so that two buyers rarely ask for the same. */
function anyAvailable(first: SeatIndex, size: number, free: (seat: SeatIndex) => boolean): SeatIndex | null {
  const start = Math.floor(Math.random() * size);
  for (let n = 0; n < size; n++) {
    const seat = first + ((start + n) % size);
    if (free(seat)) return seat;
  }
  return null;
}
