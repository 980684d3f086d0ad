import type { Point } from '../document/geometry.ts';
import { paintFloor, type Sheet } from './paint-floor.ts';

/**
 * Two sheets that keep what is drawn on them: what rests, and what is carried. While 2,000 seats are dragged through a
 * hall of 15,000, a frame lays one over the other and draws no seat at all.
 */
export class Sheets {
  readonly #resting = document.createElement('canvas');
  readonly #moving = document.createElement('canvas');
  #key: unknown[] = [];

  /** Forget what was drawn: colours or fonts have changed. */
  reset() {
    this.#key = [];
  }

  paint(g: CanvasRenderingContext2D, sheet: Omit<Sheet, 'which'>, carried: Point | null) {
    const { camera, floor, selection, grid, background, density } = sheet;
    const { width, height } = g.canvas;
    const place = [camera.x, camera.y, camera.scale, width, height];
    const key = [floor, selection, grid, background, carried !== null, ...place];
    if (key.some((value, n) => value !== this.#key[n])) {
      this.#key = key;
      this.#draw(this.#resting, { ...sheet, which: carried ? 'resting' : 'all' }, width, height);
      if (carried) this.#draw(this.#moving, { ...sheet, which: 'moving' }, width, height);
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, width, height);
    g.drawImage(this.#resting, 0, 0);
    const by = camera.scale * density;
    if (carried) g.drawImage(this.#moving, Math.round(carried.x * by), Math.round(carried.y * by));
    g.setTransform(density, 0, 0, density, 0, 0);
  }

  #draw(canvas: HTMLCanvasElement, sheet: Sheet, width: number, height: number) {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const g = canvas.getContext('2d');
    if (!g) return;
    g.setTransform(sheet.density, 0, 0, sheet.density, 0, 0);
    paintFloor(g, sheet);
  }
}
