import type { SeatIndex } from '#domain/seat-map.ts';
import { Camera } from './camera.ts';
import { listenToGestures, STILL, type Stroke } from './gestures.ts';
import type { House } from './house.ts';
import type { LiveShow } from './live-show.svelte.ts';
import { isArrow, nextSeat } from './next-seat.ts';
import { LABELS_FROM, paint, SEATS_FROM } from './paint.ts';
import { onThemeChange, readPalette } from './palette.ts';
import { SeatGrid } from './seat-grid.ts';
import { Tally } from './tally.ts';

const FADE_MS = 150;
const FLY_MS = 240;
/** Below this size (px) a finger cannot choose a seat: the map comes closer first. */
const CHOOSE_FROM = { mouse: 6, touch: 15 };

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
}

/** Where seats are picked in numbers, blocked ones too, in the place of being taken: the control room. */
export interface Picks {
  readonly picked: ReadonlySet<SeatIndex>;
  /** A drag draws a rectangle; otherwise it does so with Shift. */
  readonly framing: boolean;
  pick(seats: SeatIndex[], add: boolean): void;
}

/** The canvas: draws when something changed, never otherwise, and turns gestures and keys into seats. */
export class MapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #house: House;
  readonly #show: ShownSeats;
  readonly #on: MapEvents;
  readonly #camera: Camera;
  readonly #grid: SeatGrid;
  readonly #tally: Tally;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #changedAt = new Map<SeatIndex, number>();
  readonly #stops: (() => void)[];
  #palette;
  #frame = 0;
  #touched = false;
  #flight: { from: number[]; to: number[]; start: number } | null = null;
  #focus: SeatIndex | null = null;
  #hover: SeatIndex | null = null;
  readonly #picks: Picks | null;
  #frameDrawn: { from: { x: number; y: number }; to: { x: number; y: number } } | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    house: House,
    show: ShownSeats,
    on: MapEvents,
    bare: boolean,
    picks: Picks | null = null
  ) {
    this.#picks = picks;
    this.#canvas = canvas;
    this.#house = house;
    this.#show = show;
    this.#on = on;
    this.#camera = new Camera(house.plan.size, bare);
    this.#grid = new SeatGrid(house.xs, house.ys, house.plan.size);
    this.#tally = new Tally(house, show.live);
    this.#palette = readPalette(document.body);
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(canvas);
    this.#stops = [
      () => resized.disconnect(),
      show.onSeats((seats) => this.#changed(seats)),
      onThemeChange(() => {
        this.#palette = readPalette(document.body);
        this.draw();
      }),
      listenToGestures(canvas, {
        pan: (dx, dy) => this.#moved(() => this.#camera.pan(dx, dy)),
        zoom: (x, y, factor) => this.#moved(() => this.#camera.zoomAt(x, y, factor)),
        press: (x, y, touch, shift) => this.#press(x, y, touch, shift),
        ...(picks ? { grab: (x: number, y: number, event: PointerEvent) => this.#framing(picks, x, y, event) } : {}),
        hover: (x, y) => this.#point(x, y)
      })
    ];
    this.#resize();
    void document.fonts.ready.then(() => this.draw());
  }

  close() {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
  }

  draw() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  fit() {
    this.#touched = false;
    const { x, y, scale } = this.#camera.fitted();
    this.#fly(x, y, scale);
  }

  zoom(factor: number) {
    this.#fly(this.#camera.x, this.#camera.y, this.#camera.scale * factor);
  }

  /** Brings these seats into view, near enough to read their numbers. Places of standing areas are nowhere to see. */
  show(seats: readonly SeatIndex[]) {
    const { xs, ys } = this.#house;
    const points = seats
      .map((seat) => ({ x: xs[seat] ?? NaN, y: ys[seat] ?? NaN }))
      .filter(({ x }) => !Number.isNaN(x));
    if (points.length === 0) return;
    const { x, y, scale } = this.#camera.around(points, LABELS_FROM + 1);
    this.#touched = true;
    this.#fly(x, y, scale);
  }

  /** Answers whether the key meant something here. */
  key(key: string): boolean {
    if (key === '+' || key === '=') this.zoom(1.5);
    else if (key === '-') this.zoom(1 / 1.5);
    else if (key === '0') this.fit();
    else if ((key === 'Enter' || key === ' ') && this.#focus !== null) this.#on.choose(this.#focus, false);
    else if (isArrow(key)) {
      const next = this.#focus === null ? this.#firstSeat() : nextSeat(this.#house, this.#grid, this.#focus, key);
      if (next !== null) this.#focusOn(next);
    } else return false;
    return true;
  }

  /** Shows the focus ring, on the seat in the middle of what is seen when there was none. */
  focusIn() {
    const seat = this.#focus ?? this.#firstSeat();
    if (seat !== null) this.#focusOn(seat);
  }

  #firstSeat(): SeatIndex | null {
    const { x, y } = this.#house.plan.focus;
    return this.#grid.nearest(x, y, 40) ?? this.#house.plan.seats[0]?.index ?? null;
  }

  #focusOn(seat: SeatIndex) {
    this.#focus = seat;
    const [x, y] = [this.#house.xs[seat] ?? 0, this.#house.ys[seat] ?? 0];
    const at = this.#camera.toScreen(x, y);
    const scale = Math.max(this.#camera.scale, 14);
    const inside = at.x > 60 && at.y > 110 && at.x < this.#camera.width - 60 && at.y < this.#camera.height - 80;
    if (!inside || scale > this.#camera.scale) this.#fly(x, y, scale);
    this.#on.focus(seat);
    this.draw();
  }

  /** A rectangle over seats, where one is wanted in the place of moving the map; a drag that goes nowhere is a press. */
  #framing(picks: Picks, x: number, y: number, event: PointerEvent): Stroke | null {
    if (!event.shiftKey && !picks.framing) return null;
    const from = { x, y };
    const drawn = (to: { x: number; y: number } | null) => {
      this.#frameDrawn = to && { from, to };
      this.draw();
    };
    return {
      move: (toX, toY) => drawn({ x: toX, y: toY }),
      end: (toX, toY, { pointerType, shiftKey }) => {
        drawn(null);
        if (Math.hypot(toX - x, toY - y) <= STILL) this.#press(x, y, pointerType !== 'mouse', shiftKey);
        else picks.pick(this.#inside(from, { x: toX, y: toY }), shiftKey);
      },
      cancel: () => drawn(null)
    };
  }

  /** The seats whose middle lies in the rectangle (CSS pixels). */
  #inside(from: { x: number; y: number }, to: { x: number; y: number }): SeatIndex[] {
    const a = this.#camera.toWorld(Math.min(from.x, to.x), Math.min(from.y, to.y));
    const b = this.#camera.toWorld(Math.max(from.x, to.x), Math.max(from.y, to.y));
    const inside: SeatIndex[] = [];
    this.#grid.within(a.x, a.y, b.x, b.y, (seat) => {
      const [x, y] = [this.#house.xs[seat] ?? NaN, this.#house.ys[seat] ?? NaN];
      if (x >= a.x && x <= b.x && y >= a.y && y <= b.y) inside.push(seat);
    });
    return inside;
  }

  #press(px: number, py: number, touch: boolean, shift: boolean) {
    const { x, y } = this.#camera.toWorld(px, py);
    const { scale } = this.#camera;
    if (scale >= SEATS_FROM) {
      const seat = this.#grid.nearest(x, y, touch ? 0.9 : 0.6);
      if (seat !== null && (this.#picks || this.#show.look(seat) !== 'blocked')) {
        if (scale < CHOOSE_FROM[touch ? 'touch' : 'mouse']) return this.#fly(x, y, LABELS_FROM + 2);
        return this.#on.choose(seat, shift);
      }
    }
    const block = this.#house.blocks.find(({ box }) => x > box.left && x < box.right && y > box.top && y < box.bottom);
    if (block?.standing && this.#picks) {
      const places = Array.from({ length: block.size }, (_, n) => block.first + n);
      this.#picks.pick(places, shift);
    } else if (block?.standing) {
      const free = anyAvailable(block.first, block.size, (seat) => this.#show.look(seat) === 'available');
      if (free !== null) this.#on.choose(free, false);
    } else if (scale < SEATS_FROM) this.#fly(x, y, 12);
  }

  #point(px: number | null, py: number | null) {
    let seat: SeatIndex | null = null;
    if (px !== null && py !== null && this.#camera.scale >= SEATS_FROM) {
      const { x, y } = this.#camera.toWorld(px, py);
      seat = this.#grid.nearest(x, y, 0.6);
      if (seat !== null && !this.#picks && this.#show.look(seat) === 'blocked') seat = null;
    }
    this.#canvas.style.cursor = seat === null ? 'grab' : 'pointer';
    if (seat === this.#hover) return;
    this.#hover = seat;
    const at =
      seat === null ? { x: 0, y: 0 } : this.#camera.toScreen(this.#house.xs[seat] ?? 0, this.#house.ys[seat] ?? 0);
    this.#on.point(seat, at.x, at.y - this.#camera.scale / 2);
    this.draw();
  }

  #moved(change: () => void) {
    this.#flight = null;
    this.#touched = true;
    change();
    this.#point(null, null);
    this.draw();
  }

  #fly(x: number, y: number, scale: number) {
    const camera = this.#camera;
    if (this.#calm.matches) camera.moveTo({ x, y, scale });
    else this.#flight = { from: [camera.x, camera.y, camera.scale], to: [x, y, scale], start: performance.now() };
    this.draw();
  }

  #changed(seats: readonly SeatIndex[] | 'all') {
    this.#tally.changed(seats);
    if (seats !== 'all' && !this.#calm.matches) {
      const now = performance.now();
      for (const seat of seats) this.#changedAt.set(seat, now);
    }
    this.draw();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    const density = Math.min(2, devicePixelRatio);
    this.#canvas.width = Math.max(1, Math.round(clientWidth * density));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * density));
    Object.assign(this.#camera, { width: clientWidth, height: clientHeight });
    const fitted = this.#camera.fitted();
    if (!this.#touched) this.#camera.moveTo(fitted);
    this.draw();
  }

  #paint(now: number) {
    this.#frame = 0;
    const g = this.#canvas.getContext('2d');
    if (!g) return;
    this.#advance(now);
    const density = this.#canvas.width / Math.max(1, this.#camera.width);
    g.setTransform(density, 0, 0, density, 0, 0);
    for (const [seat, at] of this.#changedAt) if (now - at >= FADE_MS) this.#changedAt.delete(seat);
    paint(g, {
      ...{ house: this.#house, grid: this.#grid, camera: this.#camera, palette: this.#palette },
      ...{ look: (seat) => this.#show.look(seat), available: this.#tally.available, mine: this.#show.mine },
      fade: (seat) => {
        const at = this.#changedAt.get(seat);
        return at === undefined ? 1 : Math.min(1, Math.max(0.1, (now - at) / FADE_MS));
      },
      focus: this.#canvas.parentElement === document.activeElement ? this.#focus : null,
      hover: this.#hover,
      offered: this.#show.trouble?.instead ?? [],
      picked: this.#picks?.picked ?? null,
      frame: this.#frameDrawn
    });
    if (this.#flight || this.#changedAt.size > 0) this.draw();
  }

  #advance(now: number) {
    if (!this.#flight) return;
    const { from, to, start } = this.#flight;
    const part = Math.min(1, Math.max(0, (now - start) / FLY_MS));
    const eased = 1 - (1 - part) ** 3;
    const [x = 0, y = 0, scale = 1] = from.map((value, n) => value + ((to[n] ?? value) - value) * eased);
    this.#camera.moveTo({ x, y, scale });
    if (part === 1) this.#flight = null;
  }
}

/** Any available place of a standing area; a random one, so that two buyers rarely ask for the same. */
function anyAvailable(first: SeatIndex, size: number, free: (seat: SeatIndex) => boolean): SeatIndex | null {
  const start = Math.floor(Math.random() * size);
  for (let n = 0; n < size; n++) {
    const seat = first + ((start + n) % size);
    if (free(seat)) return seat;
  }
  return null;
}
