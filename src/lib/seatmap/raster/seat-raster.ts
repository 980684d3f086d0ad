import { SeatState, type SeatIndex } from '#domain/seat-map.ts';
import type { SeatGrid } from '../seat-grid.ts';
import { seatMask, type Mask, type SeatShape } from './seat-masks.ts';

/** Pixels as ImageData keeps them, and which part of the house they show. */
export interface PixelView {
  pixels: Uint32Array;
  width: number;
  height: number;
  /** The point of the house at the upper left corner. */
  x: number;
  y: number;
  /** Pixels for each unit: the width of a seat. */
  scale: number;
}

/** Colours as `0xbbggrr`. */
export interface Ink {
  tiers: readonly number[];
  gone: number;
  /** Blocked seats, where they are seen. */
  blocked: number | null;
  onTier: number;
}

export interface Places {
  xs: Float32Array;
  ys: Float32Array;
  tierOf: Uint8Array;
}

const SHAPES: readonly SeatShape[] = ['filled', 'hollow', 'dot', 'cross'];

/** In how many places within a pixel a seat can stand, to each side. Large ones need fewer to look still. */
const placesWithin = (width: number) => (width < 24 ? 4 : width < 50 ? 2 : 1);

/** A mask as it is written: its pixels as steps in the list of pixels, and how much is covered in the highest byte. */
interface Stamp {
  dx: Int16Array;
  dy: Int16Array;
  steps: Int32Array;
  covers: Uint32Array;
}

/**
 * Stamps are cut for sizes an eighth of a pixel apart, and of large seats for sizes an eightieth apart, which nobody sees.
 * Those of so many sizes are kept: who zooms comes by the same ones again and again.
 */
const SIZES_A_PIXEL = 8;
const SIZES_A_DOUBLING = 56;
const EIGHTIETHS_FROM = 10;
const SIZES_KEPT = 120;

/** The size that a seat of this width is cut for. */
function sizeNear(width: number): number {
  if (width < EIGHTIETHS_FROM) return Math.max(1, Math.round(width * SIZES_A_PIXEL)) / SIZES_A_PIXEL;
  return 2 ** (Math.round(Math.log2(width) * SIZES_A_DOUBLING) / SIZES_A_DOUBLING);
}

/** All stamps of one size, by state and place within the pixel, for every colour; each is made when first needed. */
interface Stamps {
  scale: number;
  within: number;
  reach: number;
  round: boolean;
  made: (Stamp | undefined)[];
}

/** A part of the picture, in its pixels. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Draws seats as pixels: each one a copy of a small picture. 100,000 of them by the canvas' own commands take twenty
 * times as long.
 */
export class SeatRaster {
  readonly #places: Places;
  readonly #grid: SeatGrid;
  /** Of square seats and of round ones, the least recently used first. */
  readonly #sizes = [new Map<number, Stamps>(), new Map<number, Stamps>()] as const;
  #stamps: Stamps = { scale: 0, within: 1, reach: 1, round: false, made: [] };
  #exact = 0;
  #width = 0;

  constructor(places: Places, grid: SeatGrid) {
    this.#places = places;
    this.#grid = grid;
  }

  /**
   * Every seat that reaches into that part of the picture (all of it, if none is named) but those `apart`, by its state in
   * `map` (2 bits a seat). What is there already stays. Answers how many it drew.
   */
  all(view: PixelView, round: boolean, map: Uint8Array, apart: Uint8Array, ink: Ink, part = wholeOf(view)): number {
    this.#prepare(view, round);
    const { scale, x, y } = view;
    const { left, top, right, bottom } = part;
    const [from, to] = [x + left / scale - 1, x + right / scale + 1];
    const colours = coloursOf(ink);
    let drawn = 0;
    this.#grid.spans(from, y + top / scale - 1, to, y + bottom / scale + 1, (seats, start, end) => {
      drawn += this.#span(view, part, seats, start, end, map, apart, colours);
    });
    return drawn;
  }

  /**
   * A hundred thousand seats come by here in one frame, and the first frames come before the browser has made machine code
   * of it: nothing is made, called or taken apart for a seat.
   */
  #span(
    view: PixelView,
    part: Part,
    seats: Uint32Array | null,
    start: number,
    end: number,
    map: Uint8Array,
    apart: Uint8Array,
    colours: Int32Array
  ): number {
    const { xs, ys, tierOf } = this.#places;
    const { pixels, width, height, scale, x: viewX, y: viewY } = view;
    const { within, reach, made } = this.#stamps;
    const { left: from, top: above, right: to, bottom: below } = part;
    let drawn = 0;
    for (let n = start; n < end; n++) {
      const seat = seats === null ? n : (seats[n] ?? 0);
      if (apart[seat] === 1) continue;
      // As `seatState` reads it.
      const state = ((map[seat >> 2] ?? 0) >> (6 - 2 * (seat & 3))) & 3;
      const colour = colours[(state << 8) | (tierOf[seat] ?? 0)] ?? 0;
      if (colour < 0) continue;
      const px = ((xs[seat] ?? 0) - viewX) * scale;
      const py = ((ys[seat] ?? 0) - viewY) * scale;
      const left = Math.floor(px);
      const top = Math.floor(py);
      // Nor is anything drawn of a seat that stands nowhere: its place compares with nothing.
      if (!(left >= from - reach && top >= above - reach && left < to + reach && top < below + reach)) continue;
      const place =
        ((state * within + Math.floor((py - top) * within)) * within + Math.floor((px - left) * within)) | 0;
      const stamp = made[place] ?? this.#cut(place);
      drawn++;
      if (left < reach || top < reach || left >= width - reach || top >= height - reach) {
        printPart(view, left, top, stamp, colour, 256);
        continue;
      }
      const { steps, covers } = stamp;
      const middle = top * width + left;
      for (let k = 0; k < steps.length; k++) {
        const at = middle + (steps[k] ?? 0);
        const value = ((covers[k] ?? 0) | colour) >>> 0;
        // Where neighbours touch, each pixel belongs to the one that covers more of it: alpha is the highest byte.
        if (value > (pixels[at] ?? 0)) pixels[at] = value;
      }
    }
    return drawn;
  }

  /** One seat as it is in that state; `share` 0 … 1 of its colour. */
  one(view: PixelView, round: boolean, seat: SeatIndex, state: SeatState, ink: Ink, share = 1) {
    if (state === SeatState.blocked && ink.blocked === null) return;
    this.#prepare(view, round);
    const { xs, ys, tierOf } = this.#places;
    const [px, py] = [((xs[seat] ?? 0) - view.x) * view.scale, ((ys[seat] ?? 0) - view.y) * view.scale];
    const [left, top] = [Math.floor(px), Math.floor(py)];
    const { within } = this.#stamps;
    const [across, down] = [Math.floor((px - left) * within), Math.floor((py - top) * within)];
    const colour = colourOf(state, tierOf[seat] ?? 0, ink);
    printPart(view, left, top, this.#stampOf(state, across, down), colour, Math.round(256 * share));
  }

  /** Nothing is left where this seat stands; its neighbours may lose an edge, and are to be drawn again. */
  erase(view: PixelView, seat: SeatIndex) {
    const [px, py] = this.#pixelOf(view, seat);
    const reach = Math.ceil(view.scale / 2) + 1;
    clear(view, { left: px - reach, top: py - reach, right: px + reach + 1, bottom: py + reach + 1 });
  }

  /** Writes over what is there, as letters on a seat. */
  write(view: PixelView, seat: SeatIndex, { dx, dy, alpha, reach }: Mask, colour: number) {
    const [px, py] = this.#pixelOf(view, seat);
    const { pixels, width, height } = view;
    if (px < -reach || py < -reach || px >= width + reach || py >= height + reach) return;
    for (let n = 0; n < alpha.length; n++) {
      const x = px + (dx[n] ?? 0);
      const y = py + (dy[n] ?? 0);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const at = y * width + x;
      pixels[at] = mix(pixels[at] ?? 0, colour, alpha[n] ?? 0);
    }
  }

  #pixelOf(view: PixelView, seat: SeatIndex): [number, number] {
    const { xs, ys } = this.#places;
    return [
      Math.floor(((xs[seat] ?? NaN) - view.x) * view.scale),
      Math.floor(((ys[seat] ?? NaN) - view.y) * view.scale)
    ];
  }

  #prepare({ scale, width }: PixelView, round: boolean) {
    if (this.#exact === scale && this.#width === width && this.#stamps.round === round) return;
    if (this.#width !== width) for (const sizes of this.#sizes) sizes.clear();
    [this.#exact, this.#width] = [scale, width];
    const size = sizeNear(scale);
    const sizes = this.#sizes[round ? 1 : 0];
    const within = placesWithin(scale);
    let stamps = sizes.get(size);
    if (stamps?.within !== within) {
      const made = new Array<Stamp | undefined>(SHAPES.length * within ** 2).fill(undefined);
      stamps = { scale: size, within, reach: Math.ceil(size / 2) + 2, round, made };
    }
    sizes.delete(size);
    sizes.set(size, stamps);
    const [oldest] = sizes.keys();
    if (sizes.size > SIZES_KEPT && oldest !== undefined) sizes.delete(oldest);
    this.#stamps = stamps;
  }

  #stampOf(state: SeatState, across: number, down: number): Stamp {
    const { made, within } = this.#stamps;
    const place = (state * within + down) * within + across;
    return made[place] ?? this.#cut(place);
  }

  #cut(place: number): Stamp {
    const { scale, within, round, made } = this.#stamps;
    const [across, down] = [place % within, Math.floor(place / within) % within];
    const shape = SHAPES[Math.floor(place / within ** 2)] ?? 'filled';
    const mask = seatMask(shape, scale, round, (across + 0.5) / within, (down + 0.5) / within);
    const { dx, dy, alpha } = mask;
    const steps = new Int32Array(dx.length);
    const covers = new Uint32Array(dx.length);
    for (let n = 0; n < dx.length; n++) {
      steps[n] = (dy[n] ?? 0) * this.#width + (dx[n] ?? 0);
      covers[n] = (alpha[n] ?? 0) << 24;
    }
    return (made[place] = { dx, dy, steps, covers });
  }
}

/** At an edge of the picture (what lies outside must not come in again at the other side), or in a share of its colour. */
function printPart(
  { pixels, width, height }: PixelView,
  left: number,
  top: number,
  { dx, dy, covers }: Stamp,
  colour: number,
  share: number
) {
  for (let n = 0; n < covers.length; n++) {
    const x = left + (dx[n] ?? 0);
    const y = top + (dy[n] ?? 0);
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    const covered = (((covers[n] ?? 0) >>> 24) * share) >> 8;
    const value = ((covered << 24) | colour) >>> 0;
    const at = y * width + x;
    if (value > (pixels[at] ?? 0)) pixels[at] = value;
  }
}

export function clear({ pixels, width, height }: PixelView, { left, top, right, bottom }: Part) {
  const [from, to] = [Math.max(0, left), Math.min(width, right)];
  if (from >= to) return;
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) pixels.fill(0, y * width + from, y * width + to);
}

/**
 * Moves the picture by whole pixels, and clears what comes into sight: those parts (two at most) are to be drawn. Null when
 * nothing of the picture would be left.
 */
export function scroll(view: PixelView, right: number, down: number): Part[] | null {
  const { pixels, width, height } = view;
  if (Math.abs(right) >= width || Math.abs(down) >= height) return null;
  // Rows that go around an edge by this land in the parts that are cleared.
  const shift = down * width + right;
  if (shift > 0) pixels.copyWithin(shift, 0, pixels.length - shift);
  else if (shift < 0) pixels.copyWithin(0, -shift);
  const parts: Part[] = [];
  if (down !== 0) {
    parts.push({ left: 0, right: width, top: down > 0 ? 0 : height + down, bottom: down > 0 ? down : height });
  }
  if (right !== 0) {
    parts.push({ top: 0, bottom: height, left: right > 0 ? 0 : width + right, right: right > 0 ? right : width });
  }
  for (const part of parts) clear(view, part);
  return parts;
}

function colourOf(state: SeatState, tier: number, ink: Ink): number {
  if (state === SeatState.booked) return ink.gone;
  if (state === SeatState.blocked) return ink.blocked ?? 0;
  return ink.tiers[tier] ?? ink.gone;
}

const wholeOf = ({ width, height }: PixelView): Part => ({ left: 0, top: 0, right: width, bottom: height });

/** Of each state and tier; less than 0 where nothing is drawn. */
function coloursOf(ink: Ink): Int32Array {
  const colours = new Int32Array(SHAPES.length << 8);
  for (let n = 0; n < colours.length; n++) colours[n] = colourOf((n >> 8) as SeatState, n & 255, ink);
  if (ink.blocked === null) colours.fill(-1, SeatState.blocked << 8);
  return colours;
}

function mix(below: number, above: number, alpha: number): number {
  const channel = (shift: number) => {
    const [from, to] = [(below >>> shift) & 255, (above >>> shift) & 255];
    return (from + Math.round(((to - from) * alpha) / 255)) << shift;
  };
  const opaque = Math.max(below >>> 24, alpha);
  return ((opaque << 24) | channel(16) | channel(8) | channel(0)) >>> 0;
}
