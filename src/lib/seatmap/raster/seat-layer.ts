import { SeatState, seatState, setSeatState, type SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from '../camera.ts';
import type { Detail } from '../detail.ts';
import type { House } from '../house.ts';
import type { ShownSeats } from '../shown.ts';
import type { Palette } from '../palette.ts';
import type { SeatGrid } from '../seat-grid.ts';
import { LetterMasks } from './letter-masks.ts';
import { scroll, SeatRaster, type Ink, type Part, type PixelView } from './seat-raster.ts';

const FADE_MS = 150;
/** So many at once are drawn with all the others, and do not fade: a section that is blocked, a replay that runs fast. */
const FADING_AT_MOST = 3000;
/** A seat's number, as a part of its width. */
const NUMBER_SIZE = 0.36;

/**
 * The seats as one picture. Where the map moves it is drawn anew; where it rests only the seats that changed are, for
 * as long as they fade from one state to the other.
 */
export class SeatLayer {
  /** Drawn by other hands: seats of the buyer's own, and those being asked for. */
  readonly apart: Set<SeatIndex> = new Set();
  readonly #house: House;
  readonly #grid: SeatGrid;
  readonly #show: ShownSeats;
  readonly #raster: SeatRaster;
  readonly #letters = new LetterMasks();
  /** What is on the screen, 2 bits a seat. */
  #shown: Uint8Array;
  readonly #isApart: Uint8Array;
  readonly #fading = new Map<SeatIndex, { from: SeatState; at: number }>();
  #picture: ImageData | null = null;
  #view: PixelView | null = null;
  /** Null: the picture is not of this place and time at all. Else the parts of it that have come into sight. */
  #missing: readonly Part[] | null = null;
  #ink: { of: Palette; ink: Ink } | null = null;

  constructor(house: House, grid: SeatGrid, show: ShownSeats) {
    this.#house = house;
    this.#grid = grid;
    this.#show = show;
    this.#raster = new SeatRaster(house, grid);
    this.#isApart = new Uint8Array(house.plan.capacity);
    this.#shown = show.live.map.slice();
    this.changed('all', false, 0);
  }

  /** Seats may look different. Without `fade` they do so at once. */
  changed(seats: readonly SeatIndex[] | 'all', fade: boolean, now: number) {
    const { live } = this.#show;
    if (seats === 'all') {
      for (const seat of [...this.apart, ...this.#show.mine]) this.#setApart(seat);
      this.#shown = live.map.slice();
      this.#fading.clear();
      this.#missing = null;
      return;
    }
    for (const seat of seats) {
      const [from, to] = [seatState(this.#shown, seat), live.state(seat)];
      const moved = this.#setApart(seat);
      if (from === to && !moved) continue;
      if (from !== to) setSeatState(this.#shown, seat, to);
      // Places of standing areas are nowhere to be seen.
      if (Number.isNaN(this.#house.xs[seat] ?? NaN)) continue;
      this.#fading.set(seat, { from, at: fade ? now : -Infinity });
    }
    if (this.#fading.size <= FADING_AT_MOST) return;
    this.#fading.clear();
    this.#missing = null;
  }

  /** 0 … 1 while a seat's change fades in. */
  fade(seat: SeatIndex, now: number): number {
    const at = this.#fading.get(seat)?.at;
    return at === undefined ? 1 : Math.min(1, Math.max(0, (now - at) / FADE_MS));
  }

  /** The next picture is drawn anew: other colours, other fonts, other neighbours. */
  forget() {
    this.#letters.forget();
    this.#missing = null;
  }

  /** Puts the seats on the canvas, and nothing else is left on it. Answers whether some are still fading. */
  paint(
    g: CanvasRenderingContext2D,
    camera: Camera,
    detail: Detail,
    palette: Palette,
    picking: boolean,
    now: number
  ): boolean {
    const view = this.#viewOf(g.canvas, camera);
    if (this.#ink?.of !== palette) this.#ink = { of: palette, ink: inkOf(palette, picking) };
    const { ink } = this.#ink;
    // Numbers are mixed into their seats, which can be done once only.
    if (detail.numbers && this.#missing?.length) this.#missing = null;
    if (!detail.seats) view.pixels.fill(0);
    else if (this.#missing === null) this.#paintWhole(view, detail, ink, now);
    else {
      for (const part of this.#missing) this.#paintPart(view, detail, ink, part);
      this.#paintChanged(view, detail, ink, now);
    }
    this.#missing = detail.seats ? [] : null;
    if (this.#picture) g.putImageData(this.#picture, 0, 0);
    for (const [seat, { at }] of this.#fading) if (now - at >= FADE_MS) this.#fading.delete(seat);
    return this.#fading.size > 0;
  }

  #setApart(seat: SeatIndex): boolean {
    const look = this.#show.look(seat);
    const apart = look === 'yours' || look === 'pending' ? 1 : 0;
    if (this.#isApart[seat] === apart) return false;
    this.#isApart[seat] = apart;
    if (apart) this.apart.add(seat);
    else this.apart.delete(seat);
    return true;
  }

  /** While the map is only moved, the seats go by whole pixels: they keep their shapes, and their picture can be kept. */
  #viewOf({ width, height }: { width: number; height: number }, camera: Camera): PixelView {
    const scale = (camera.scale * width) / Math.max(1, camera.width);
    const { x, y } = camera.toWorld(0, 0);
    const before = this.#view;
    if (this.#picture?.width !== width || this.#picture.height !== height) {
      this.#picture = new ImageData(width, height);
      this.#missing = null;
    }
    const view = { pixels: new Uint32Array(this.#picture.data.buffer), width, height, x, y, scale };
    if (this.#missing === null || before?.scale !== scale) this.#missing = null;
    else {
      const [right, down] = [Math.round((before.x - x) * scale), Math.round((before.y - y) * scale)];
      [view.x, view.y] = [before.x - right / scale, before.y - down / scale];
      if (right !== 0 || down !== 0) this.#missing = scroll(view, right, down);
      if (this.#missing === null) [view.x, view.y] = [x, y];
    }
    return (this.#view = view);
  }

  #paintWhole(view: PixelView, detail: Detail, ink: Ink, now: number) {
    view.pixels.fill(0);
    this.#paintPart(view, detail, ink);
    for (const seat of this.#fading.keys()) this.#paintFading(view, detail, ink, seat, now);
    if (detail.numbers) this.#grid.within(...edges(view), (seat) => this.#paintNumber(view, ink, seat, now));
  }

  /** All but those that fade, which are painted by themselves. */
  #paintPart(view: PixelView, detail: Detail, ink: Ink, part?: Part) {
    for (const seat of this.#fading.keys()) this.#isApart[seat] = 1;
    this.#raster.all(view, detail.round, this.#shown, this.#isApart, ink, part);
    for (const seat of this.#fading.keys()) this.#isApart[seat] = this.apart.has(seat) ? 1 : 0;
  }

  #paintChanged(view: PixelView, detail: Detail, ink: Ink, now: number) {
    const { xs, ys } = this.#house;
    const [left, top, right, bottom] = edges(view);
    const near = new Set<SeatIndex>();
    for (const seat of this.#fading.keys()) {
      const [x, y] = [xs[seat] ?? NaN, ys[seat] ?? NaN];
      if (!(x > left - 1 && x < right + 1 && y > top - 1 && y < bottom + 1)) continue;
      this.#raster.erase(view, seat);
      const reach = 1 + 3 / view.scale;
      this.#grid.within(x - reach, y - reach, x + reach, y + reach, (other) => {
        if (Math.abs((xs[other] ?? 0) - x) <= reach && Math.abs((ys[other] ?? 0) - y) <= reach) near.add(other);
      });
    }
    for (const seat of near) {
      if (this.#fading.has(seat)) this.#paintFading(view, detail, ink, seat, now);
      else if (this.#isApart[seat] === 0) {
        this.#raster.one(view, detail.round, seat, seatState(this.#shown, seat), ink);
      }
    }
    // Numbers stand in the middle of seats, where a neighbour's change does not reach.
    if (detail.numbers) for (const seat of this.#fading.keys()) this.#paintNumber(view, ink, seat, now);
  }

  /** Out of one state and into the other. */
  #paintFading(view: PixelView, detail: Detail, ink: Ink, seat: SeatIndex, now: number) {
    const change = this.#fading.get(seat);
    const share = this.fade(seat, now);
    if (change && share < 1) this.#raster.one(view, detail.round, seat, change.from, ink, 1 - share);
    if (this.#isApart[seat] === 1) return;
    this.#raster.one(view, detail.round, seat, seatState(this.#shown, seat), ink, share);
  }

  #paintNumber(view: PixelView, ink: Ink, seat: SeatIndex, now: number) {
    if (this.#isApart[seat] === 1 || seatState(this.#shown, seat) !== SeatState.available) return;
    if (this.fade(seat, now) < 1) return;
    const letters = this.#letters.of(this.#house.mark(seat), Math.round(view.scale * NUMBER_SIZE));
    this.#raster.write(view, seat, letters, ink.onTier);
  }
}

const edges = ({ x, y, width, height, scale }: PixelView): [number, number, number, number] => [
  x - 1,
  y - 1,
  x + width / scale + 1,
  y + height / scale + 1
];

const inkOf = ({ pixels }: Palette, picking: boolean): Ink => ({
  ...{ tiers: pixels.tiers, gone: pixels.gone, onTier: pixels.onTier },
  blocked: picking ? pixels.faint : null
});
