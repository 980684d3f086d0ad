import * as m from '#domain/messages/compiled/editor.js';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { listenToGestures, type Stroke } from '../seatmap/gestures.ts';
import { onThemeChange, readPalette } from '../seatmap/palette.ts';
import { EditorCamera } from './canvas/editor-camera.ts';
import { Floor } from './canvas/floor.ts';
import { paintOverlay, type Overlay } from './canvas/paint-overlay.ts';
import { Sheets } from './canvas/sheets.ts';
import { setFocus } from './document/areas.ts';
import { boxOf, pointsOf, type Box, type Point } from './document/geometry.ts';
import { isEmpty, type Selection } from './document/selection.ts';
import type { EditorSession } from './session.svelte.ts';
import { drawStroke, putInView } from './tools/draw-tool.ts';
import { PolygonTool } from './tools/polygon-tool.ts';
import { chooseRowAt, selectStroke, tap } from './tools/select-tool.ts';
import type { Board } from './tools/tool.ts';

/** The drawing: paints when something has changed, never otherwise, and hands what the pointer does to the tool. */
export class BoardView implements Board {
  readonly session: EditorSession;
  readonly camera = new EditorCamera();
  readonly #canvas: HTMLCanvasElement;
  readonly #sheets = new Sheets();
  readonly #polygon = new PolygonTool(this);
  readonly #stops: (() => void)[];
  #palette = readPalette(document.body);
  #floor: Floor;
  #overlay: Overlay | null = null;
  #carried: Point | null = null;
  #background: { id: string; image: HTMLImageElement } | null = null;
  #frame = 0;
  #touched = false;
  /** The space bar is held: the pointer moves the view. */
  panning = false;

  constructor(canvas: HTMLCanvasElement, session: EditorSession) {
    this.#canvas = canvas;
    this.session = session;
    this.#floor = new Floor(session.draft);
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(canvas);
    const twice = (event: MouseEvent) => this.#twice(event);
    canvas.addEventListener('dblclick', twice);
    this.#stops = [
      () => resized.disconnect(),
      () => canvas.removeEventListener('dblclick', twice),
      onThemeChange(() => {
        this.#palette = readPalette(document.body);
        this.#sheets.reset();
        this.draw();
      }),
      listenToGestures(canvas, {
        pan: (dx, dy) => this.#moved(() => this.camera.pan(dx, dy)),
        zoom: (x, y, factor) => this.#moved(() => this.camera.zoomAt(x, y, factor)),
        press: (x, y) => this.#press(this.camera.toWorld(x, y)),
        hover: (x, y) => this.#hover(x, y),
        grab: (x, y, event) => this.#grab(this.camera.toWorld(x, y), event)
      })
    ];
    this.#resize();
    void document.fonts.ready.then(() => {
      this.#sheets.reset();
      this.draw();
    });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
  }

  floor(): Floor {
    if (this.#floor.draft !== this.session.draft) this.#floor = new Floor(this.session.draft);
    return this.#floor;
  }

  show(overlay: Overlay | null) {
    this.#overlay = overlay;
    this.draw();
  }

  carry(by: Point | null) {
    this.#carried = by;
    this.draw();
  }

  draw() {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  zoom(factor: number) {
    this.#moved(() => this.camera.zoomAt(this.camera.width / 2, this.camera.height / 2, factor));
  }

  panBy(dx: number, dy: number) {
    this.#moved(() => this.camera.pan(dx, dy));
  }

  fit() {
    this.#moved(() => this.camera.moveTo(this.#whole()));
  }

  /** All of the plan; around a stage alone there is room for the hall that is to come. */
  #whole() {
    const { box, count } = this.floor();
    return this.camera.toSee(box, count === 0 ? 12 : 24);
  }

  /** Brings what is chosen into view. */
  look(at: Selection) {
    const box = boxOf(pointsOf(this.session.draft, at));
    if (box) this.#look({ left: box.left - 4, top: box.top - 4, right: box.right + 4, bottom: box.bottom + 4 });
  }

  #look(box: Box | null) {
    this.#moved(() => this.camera.moveTo(this.camera.toSee(box)));
  }

  /** What Enter does: closes the polygon, or puts what the tool draws into the view. */
  put() {
    const { tool } = this.session;
    if (tool === 'polygon') this.#polygon.close();
    else if (tool !== 'select' && tool !== 'lasso' && tool !== 'pan' && tool !== 'focus') putInView(this, tool);
  }

  /** Leaves what was begun. Answers whether there was anything. */
  leave = () => this.#polygon.leave();

  #grab(at: Point, event: PointerEvent): Stroke | null {
    const { tool } = this.session;
    this.#canvas.parentElement?.focus({ preventScroll: true });
    this.#touched = true;
    if (this.panning || tool === 'pan') return null;
    if (tool === 'select' || tool === 'lasso') return selectStroke(this, at, event, tool === 'lasso');
    if (tool === 'focus' || tool === 'polygon') return this.#clickStroke(tool, event);
    return drawStroke(this, at, tool, event);
  }

  #clickStroke(tool: 'focus' | 'polygon', { altKey }: PointerEvent): Stroke {
    const at = (x: number, y: number) => this.camera.toWorld(x, y);
    return {
      move: (x, y) => this.#polygon.hover(at(x, y)),
      end: (x, y) => {
        if (tool === 'polygon') return this.#polygon.click(at(x, y), altKey);
        this.session.apply(m.set_eyes(), setFocus(this.session.draft, at(x, y)));
      },
      cancel: () => undefined
    };
  }

  /** A tap that did not become a stroke. */
  #press(at: Point) {
    if (this.session.tool === 'select') tap(this, at);
  }

  #twice({ clientX, clientY }: MouseEvent) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    const at = this.camera.toWorld(clientX - left, clientY - top);
    if (this.session.tool === 'select') chooseRowAt(this, at);
    if (this.session.tool === 'polygon') this.#polygon.close();
  }

  #hover(x: number | null, y: number | null) {
    if (x === null || y === null) return;
    const at = this.camera.toWorld(x, y);
    if (this.session.tool === 'polygon') return this.#polygon.hover(at);
    const over =
      this.session.tool === 'select' && !isEmpty(this.floor().hit(at, Math.max(0.55, 7 / this.camera.scale)));
    const drawing = this.session.tool !== 'select' && this.session.tool !== 'pan';
    this.#canvas.style.cursor =
      this.panning || this.session.tool === 'pan' ? 'grab' : over ? 'move' : drawing ? 'crosshair' : 'default';
  }

  #moved(change: () => void) {
    this.#touched = true;
    change();
    this.draw();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    const density = Math.min(2, devicePixelRatio);
    this.#canvas.width = Math.max(1, Math.round(clientWidth * density));
    this.#canvas.height = Math.max(1, Math.round(clientHeight * density));
    Object.assign(this.camera, { width: clientWidth, height: clientHeight });
    // Once somebody draws, what is drawn stays where it was put, however the panels around it grow.
    if (!this.#touched) this.camera.moveTo(this.#whole());
    this.draw();
  }

  /** The picture under the plan, once it has come. */
  #picture({ background }: PlanDraft): HTMLImageElement | null {
    if (!background) return null;
    if (this.#background?.id !== background.picture) {
      const image = new Image();
      image.onload = () => {
        this.#sheets.reset();
        this.draw();
      };
      image.src = `/pictures/${encodeURIComponent(background.picture)}-1600.webp`;
      this.#background = { id: background.picture, image };
    }
    const { image } = this.#background;
    return image.complete && image.naturalWidth > 0 ? image : null;
  }

  #paint() {
    this.#frame = 0;
    const g = this.#canvas.getContext('2d');
    if (!g) return;
    const density = this.#canvas.width / Math.max(1, this.camera.width);
    const { session, camera } = this;
    this.#sheets.paint(
      g,
      {
        ...{ floor: this.floor(), camera, palette: this.#palette, density },
        ...{ selection: session.selection, grid: session.snapping ? session.grid : 0 },
        background: this.#picture(session.draft)
      },
      this.#carried
    );
    if (this.#overlay) paintOverlay(g, this.#overlay, camera, this.#palette);
  }
}
