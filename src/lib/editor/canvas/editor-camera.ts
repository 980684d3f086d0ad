import { BARE, Camera } from '../../seatmap/camera.ts';
import type { Box } from '../document/geometry.ts';

/** Far enough out for a stadium, near enough to set a seat by eye (pixels for each unit). */
const LEAST = 0.6;
const EMPTY: Box = { left: -30, top: -20, right: 30, bottom: 30 };
const MARGIN = 48;

/** The map's camera for a plan that has no edge yet: it may look anywhere. */
export class EditorCamera extends Camera {
  constructor() {
    super({ width: 1, height: 1 }, BARE);
  }

  override moveTo({ x, y, scale }: { x: number; y: number; scale: number }) {
    this.scale = Math.min(Camera.most, Math.max(LEAST, scale));
    this.x = x;
    this.y = y;
  }

  /** Where to look to see all of the box. */
  toSee(box: Box | null, nearest = 24): { x: number; y: number; scale: number } {
    const { left, top, right, bottom } = box ?? EMPTY;
    const width = Math.max(80, this.width - 2 * MARGIN) / Math.max(1, right - left);
    const height = Math.max(80, this.height - 2 * MARGIN) / Math.max(1, bottom - top);
    return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(nearest, width, height) };
  }

  /** What is seen, with `more` units around it. */
  view(more = 1): Box {
    const [a, b] = [this.toWorld(0, 0), this.toWorld(this.width, this.height)];
    return { left: a.x - more, top: a.y - more, right: b.x + more, bottom: b.y + more };
  }
}
