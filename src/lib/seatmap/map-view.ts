import type { SeatIndex } from '#domain/seat-map.ts';
import { Camera, sameInsets, type Insets } from './camera.ts';
import { detailOf, NUMBERS_FROM, OUTLINES } from './detail.ts';
import { frameSeats, seatsInside, type Point } from './framing.ts';
import { listenToGestures } from './gestures.ts';
import type { Block, House } from './house.ts';
import { Motion, type Place } from './motion.ts';
import { isArrow, isLeap, leapTo, nextSeat, type Arrow, type Leap } from './next-seat.ts';
import { paintGround, paintOver } from './paint.ts';
import { onThemeChange, readPalette } from './palette.ts';
import { Presses, type Pointer } from './presses.ts';
import { Pulses } from './pulses.ts';
import { SeatLayer } from './raster/seat-layer.ts';
import type { SeatGrid } from './seat-grid.ts';
import type { MapEvents, Picks, ShownSeats } from './shown.ts';
import { Surface } from './surface.ts';
import { Tally } from './tally.ts';
import { Words } from './words.ts';

/** A keyboard's seat is seen at least so large (px). */
const FOCUS_FROM = 14;
/** `seats-drawn` in the browser's timeline: how long the first seat took is measured by it. */
const FIRST_SEATS = 'seats-drawn';
/** A crowd's edge swells and fades once in this time (ms), in so many pictures a second: gently, and at little cost. */
const BEAT_MS = 3200;
const BEATS_A_SECOND = 12;

const NONE = new Uint32Array(0);

/** The canvas: draws when something changed, never otherwise, and turns gestures and keys into seats. */
export class MapView {
  readonly tally: Tally;
  readonly #canvas: HTMLCanvasElement;
  readonly #house: House;
  readonly #show: ShownSeats;
  readonly #on: MapEvents;
  readonly #camera: Camera;
  readonly #motion: Motion;
  readonly #grid: SeatGrid;
  readonly #seats: SeatLayer;
  readonly #presses: Presses;
  readonly #words = new Words();
  readonly #pulses = new Pulses();
  readonly #surface: Surface;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #stops: (() => void)[];
  readonly #picks: Picks | null;
  #palette;
  #frame = 0;
  #touched = false;
  #drawn = false;
  #focus: SeatIndex | null = null;
  #hover: SeatIndex | null = null;
  #crowds: readonly number[] = [];
  #beating: ReturnType<typeof setTimeout> | undefined;
  #frameDrawn: { from: Point; to: Point } | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    house: House,
    show: ShownSeats,
    on: MapEvents,
    insets: Insets,
    picks: Picks | null = null
  ) {
    this.#picks = picks;
    this.#canvas = canvas;
    this.#house = house;
    this.#show = show;
    this.#on = on;
    this.#camera = new Camera(house.plan.size, insets);
    this.#motion = new Motion(this.#camera);
    this.#grid = house.grid;
    this.#seats = new SeatLayer(house, this.#grid, show);
    this.#presses = new Presses(
      { house, show, picks, grid: this.#grid, camera: this.#camera },
      {
        choose: (seat, add) => on.choose(seat, add),
        come: (to) => this.#come(to),
        mark: (seat, to) => this.#mark(seat, to),
        flying: () => this.#motion.flying
      }
    );
    this.tally = new Tally(house, show.live);
    this.#palette = readPalette(document.body);
    this.#surface = new Surface(canvas, () => this.#resize());
    this.#stops = [
      () => this.#surface.close(),
      show.onSeats((seats) => this.#changed(seats)),
      onThemeChange(() => this.#repaint()),
      listenToGestures(canvas, {
        touch: () => this.#motion.stop(),
        pan: (dx, dy) => this.#moved(() => this.#camera.pan(dx, dy)),
        zoom: (x, y, factor) => this.#moved(() => this.#camera.zoomAt(x, y, factor)),
        letGo: (speed) => {
          if (this.#calm.matches) return;
          this.#motion.glide(speed, performance.now());
          this.draw();
        },
        press: (x, y, touch, shift) => this.#presses.once(x, y, pointer(touch), shift),
        pressTwice: (x, y, touch, shift) => this.#presses.twice(x, y, pointer(touch), shift),
        ...(picks
          ? { grab: (x: number, y: number, event: PointerEvent) => this.#framing(picks, { x, y }, event) }
          : {}),
        ...(on.passed ? { passed: on.passed } : {}),
        hover: (x, y) => this.#point(x, y)
      })
    ];
    this.#resize();
    void document.fonts.ready.then(() => this.#repaint());
  }

  close() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#beating);
    for (const stop of this.#stops) stop();
  }

  draw() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  /** People who look at each section, by its id. */
  crowd(bySection: Readonly<Record<string, number>>) {
    this.#crowds = this.#house.blocks.map(({ id }) => bySection[id] ?? 0);
    this.draw();
  }

  /** Other things lie over the map now: the house, or these seats, come out from under them. */
  inset(insets: Insets, inSight: ReadonlySet<SeatIndex>) {
    if (sameInsets(insets, this.#camera.insets)) return;
    this.#camera.insets = insets;
    const { xs, ys } = this.#house;
    const hidden = [...inSight].some((seat) => {
      const at = { x: xs[seat] ?? NaN, y: ys[seat] ?? NaN };
      return !Number.isNaN(at.x) && !this.#camera.sees(at);
    });
    if (!this.#touched) this.#fly(this.#camera.fitted());
    else if (hidden) this.show([...inSight], this.#camera.scale);
    else this.#camera.fitted();
  }

  /** The section in the middle of what is seen. */
  middle(): Block | undefined {
    return this.#presses.blockAt(this.#camera);
  }

  fit() {
    this.#touched = false;
    this.#fly(this.#camera.fitted());
  }

  zoom(factor: number) {
    this.#touched = true;
    this.#fly({ x: this.#camera.x, y: this.#camera.y, scale: this.#camera.scale * factor });
  }

  /** Looks at this point of the house, from as near as now. */
  lookAt(x: number, y: number) {
    this.#moved(() => this.#camera.moveTo({ x, y, scale: this.#camera.scale }));
  }

  /** Brings these seats into view, near enough to read their numbers. Places of standing areas are nowhere to see. */
  show(seats: readonly SeatIndex[], near = NUMBERS_FROM + 1) {
    const { xs, ys } = this.#house;
    const points = seats
      .map((seat) => ({ x: xs[seat] ?? NaN, y: ys[seat] ?? NaN }))
      .filter(({ x }) => !Number.isNaN(x));
    if (points.length === 0) return;
    this.#touched = true;
    this.#fly(this.#camera.around(points, near));
  }

  /** Answers whether the key meant something here. */
  key(key: string): boolean {
    if (key === '+' || key === '=') this.zoom(1.5);
    else if (key === '-') this.zoom(1 / 1.5);
    else if (key === '0') this.fit();
    else if ((key === 'Enter' || key === ' ') && this.#focus !== null) this.#on.choose(this.#focus, false);
    else if (isArrow(key) || isLeap(key)) {
      const next = this.#focus === null ? this.#firstSeat() : this.#seatFrom(this.#focus, key);
      if (next !== null) this.#focusOn(next);
    } else return false;
    return true;
  }

  #seatFrom(seat: SeatIndex, key: Arrow | Leap): SeatIndex | null {
    return isLeap(key) ? leapTo(this.#house, seat, key) : nextSeat(this.#house, this.#grid, seat, key);
  }

  /** Shows the focus ring, on the seat in the middle of what is seen when there was none. */
  focusIn() {
    const seat = this.#focus ?? this.#firstSeat();
    if (seat !== null) this.#focusOn(seat);
  }

  #firstSeat(): SeatIndex | null {
    const { x, y } = this.#house.plan.focus;
    return this.#grid.nearest(x, y, 40) ?? this.#grid.seats[0] ?? null;
  }

  #focusOn(seat: SeatIndex) {
    this.#focus = seat;
    const [x, y] = [this.#house.xs[seat] ?? 0, this.#house.ys[seat] ?? 0];
    const at = this.#camera.toScreen(x, y);
    const scale = Math.max(this.#camera.scale, FOCUS_FROM);
    const inside = at.x > 60 && at.x < this.#camera.width - 60 && this.#camera.sees({ x, y });
    if (!inside || scale > this.#camera.scale) this.#fly(this.#camera.centred({ x, y, scale }));
    this.#on.focus(seat);
    this.draw();
  }

  #framing(picks: Picks, from: Point, event: PointerEvent) {
    if (!event.shiftKey && !picks.framing) return null;
    return frameSeats(from, {
      drawn: (frame) => {
        this.#frameDrawn = frame;
        this.draw();
      },
      press: ({ pointerType, shiftKey }) =>
        this.#presses.once(from.x, from.y, pointer(pointerType !== 'mouse'), shiftKey),
      framed: (to, { shiftKey }) => picks.pick(seatsInside(this.#house, this.#grid, this.#camera, from, to), shiftKey)
    });
  }

  #come(to: Place) {
    this.#touched = true;
    this.#fly(to);
  }

  #mark(seat: SeatIndex, to: Place) {
    this.#come(to);
    this.#hover = seat;
    const { top, bottom, right } = this.#camera.insets;
    const [x, y] = [(this.#camera.width - right) / 2, (this.#camera.height + top - bottom) / 2];
    this.#on.point(seat, x, y - to.scale / 2);
  }

  #point(px: number | null, py: number | null) {
    const seat = px === null || py === null ? null : this.#presses.seatAt(px, py, 'mouse');
    this.#canvas.style.cursor = seat === null ? 'grab' : 'pointer';
    if (seat === this.#hover) return;
    this.#hover = seat;
    const at =
      seat === null ? { x: 0, y: 0 } : this.#camera.toScreen(this.#house.xs[seat] ?? 0, this.#house.ys[seat] ?? 0);
    this.#on.point(seat, at.x, at.y - this.#camera.scale / 2);
    this.draw();
  }

  #moved(change: () => void) {
    this.#motion.stop();
    this.#touched = true;
    change();
    this.#point(null, null);
    this.draw();
  }

  #fly(to: Place) {
    if (this.#calm.matches) this.#camera.moveTo(to);
    else this.#motion.fly(to, performance.now());
    this.#point(null, null);
    this.draw();
  }

  #changed(seats: readonly SeatIndex[] | 'all') {
    this.tally.changed(seats);
    const now = performance.now();
    this.#seats.changed(seats, !this.#calm.matches, now);
    if (seats !== 'all' && !this.#calm.matches) {
      for (const seat of seats) {
        if (this.#show.look(seat) === 'held') this.#pulses.begin(seat, now);
        else this.#pulses.end(seat);
      }
    }
    this.draw();
  }

  /** Colours or fonts are other ones. */
  #repaint() {
    this.#palette = readPalette(document.body);
    this.#words.forget();
    this.#seats.forget();
    this.draw();
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    Object.assign(this.#camera, { width, height });
    const fitted = this.#camera.fitted();
    if (!this.#touched) this.#camera.moveTo(fitted);
    this.draw();
  }

  #paint(now: number) {
    this.#frame = 0;
    const g = this.#surface.pen();
    if (!g) return;
    const [house, camera, palette] = [this.#house, this.#camera, this.#palette];
    const moving = this.#motion.advance(now);
    // Before the seats' state is known nothing is said of it: sections are outlines.
    const known = this.#show.live.epoch > 0;
    const detail = known ? detailOf(camera.scale) : OUTLINES;
    const density = this.#canvas.width / Math.max(1, camera.width);
    g.setTransform(density, 0, 0, density, 0, 0);
    const fading = this.#seats.paint(g, camera, detail, palette, this.#picks !== null, now);
    this.#words.begin(now);
    const scene = {
      ...{ house, camera, detail, palette, density, words: this.#words },
      ...{ look: (seat: SeatIndex) => this.#show.look(seat), available: known ? this.tally.available : NONE },
      mineIn: (block: number) => countIn(house, this.#show.mine, block),
      ...{ apart: this.#seats.apart, fade: (seat: SeatIndex) => this.#seats.fade(seat, now) },
      ...{ crowds: this.#crowds, beat: this.#calm.matches ? 0.5 : (1 + Math.sin((2 * Math.PI * now) / BEAT_MS)) / 2 },
      focus: this.#canvas.parentElement === document.activeElement ? this.#focus : null,
      hover: this.#hover,
      offered: this.#show.trouble?.instead ?? [],
      picked: this.#picks?.picked ?? null,
      frame: this.#frameDrawn,
      pulses: detail.seats ? this.#pulses.at(now, camera.scale) : []
    };
    paintGround(g, scene);
    this.#on.look(camera);
    if (!this.#drawn && known) {
      this.#drawn = true;
      performance.mark(FIRST_SEATS);
      // Needed as soon as a hand is laid on the map; the first picture did without.
      setTimeout(() => this.#grid.layOut());
      // The seats come first: what is written over them is another third of the time.
      return this.draw();
    }
    paintOver(g, scene);
    if (moving || fading || this.#words.behind || scene.pulses.length > 0) this.draw();
    else if (detail.plates && !this.#calm.matches && this.#crowds.some((crowd) => crowd > 0)) this.#beat();
  }

  #beat() {
    clearTimeout(this.#beating);
    this.#beating = setTimeout(() => this.draw(), 1000 / BEATS_A_SECOND);
  }
}

function countIn({ blockOf }: House, seats: ReadonlySet<SeatIndex>, block: number): number {
  let count = 0;
  for (const seat of seats) if (blockOf[seat] === block) count++;
  return count;
}

const pointer = (touch: boolean): Pointer => (touch ? 'touch' : 'mouse');
