/** How much of the map lies under other things at its edges, in pixels: what is looked at is brought between them. */
export interface Insets {
  top: number;
  bottom: number;
  side: number;
  /** Beside `side`, at the right. */
  right: number;
}
/** Nothing lies over the map, so the house may fill all of it. */
export const BARE: Insets = { top: 12, bottom: 12, side: 12, right: 0 };

export const sameInsets = (one: Insets, other: Insets): boolean =>
  one.top === other.top && one.bottom === other.bottom && one.side === other.side && one.right === other.right;

/** What part of the house is seen: the world point in the middle, and pixels for each unit (a seat's width). */
export class Camera {
  x = 0;
  y = 0;
  scale = 10;
  width = 1;
  height = 1;
  #least = 1;
  /** The scale at which the whole house is seen. */
  whole = 1;
  static readonly most = 46;
  readonly #house: { width: number; height: number };

  insets: Insets;

  constructor(house: { width: number; height: number }, insets: Insets) {
    this.#house = house;
    this.insets = insets;
  }

  toScreen = (x: number, y: number) => ({
    x: (x - this.x) * this.scale + this.width / 2,
    y: (y - this.y) * this.scale + this.height / 2
  });

  toWorld = (px: number, py: number) => ({
    x: (px - this.width / 2) / this.scale + this.x,
    y: (py - this.height / 2) / this.scale + this.y
  });

  /** The whole house, between what lies over the map. */
  fitted(): { x: number; y: number; scale: number } {
    const { width, height } = this.#house;
    const room = this.room();
    const scale = Math.min(room.width / width, room.height / height, 26);
    this.#least = scale * 0.8;
    this.whole = scale;
    return this.centred({ x: width / 2, y: height / 2, scale });
  }

  /** What is left of the map between its insets. */
  room(): { width: number; height: number } {
    const { top, bottom, side, right } = this.insets;
    return { width: Math.max(80, this.width - 2 * side - right), height: Math.max(80, this.height - top - bottom) };
  }

  /** Where to look so that this place is in the middle of what can be seen. */
  centred({ x, y, scale }: { x: number; y: number; scale: number }) {
    const { top, bottom, right } = this.insets;
    return { x: x + right / 2 / scale, y: y - (top - bottom) / 2 / scale, scale };
  }

  /** Whether a point of the house is where nothing lies over it. */
  sees({ x, y }: { x: number; y: number }): boolean {
    const at = this.toScreen(x, y);
    const { top, bottom, right } = this.insets;
    return at.x > 0 && at.x < this.width - right && at.y > top && at.y < this.height - bottom;
  }

  /** Where to look to see all these points, from as near as `near` (pixels for each unit) if they are few enough. */
  around(points: readonly { x: number; y: number }[], near: number): { x: number; y: number; scale: number } {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const { width, height } = this.room();
    const room = Math.min(width / (right - left + 6), height / (bottom - top + 4));
    const scale = Math.min(room, Math.max(near, this.scale));
    return this.centred({ x: (left + right) / 2, y: (top + bottom) / 2, scale });
  }

  /** Where to look to have the whole rectangle before one, from as near as it fits but not nearer than `most`. */
  onto(box: { left: number; top: number; right: number; bottom: number }, least: number, most: number) {
    const { width, height } = this.room();
    const room = Math.min(width / (box.right - box.left + 4), height / (box.bottom - box.top + 4));
    const scale = Math.max(least, Math.min(most, room));
    return this.centred({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale });
  }

  moveTo({ x, y, scale }: { x: number; y: number; scale: number }) {
    this.scale = Math.min(Camera.most, Math.max(this.#least, scale));
    // The middle of what can be seen never leaves the house: nobody gets lost in the dark.
    const { top, bottom, right } = this.insets;
    const [beside, below] = [right / 2 / this.scale, (bottom - top) / 2 / this.scale];
    this.x = Math.min(this.#house.width + beside, Math.max(0, x));
    this.y = Math.min(this.#house.height + 4 + Math.max(0, below), Math.max(-8 + Math.min(0, below), y));
  }

  pan(dx: number, dy: number) {
    this.moveTo({ x: this.x - dx / this.scale, y: this.y - dy / this.scale, scale: this.scale });
  }

  /** Zooms so that the point under the pointer stays where it is. */
  zoomAt(px: number, py: number, factor: number) {
    const before = this.toWorld(px, py);
    this.moveTo({ x: this.x, y: this.y, scale: this.scale * factor });
    const after = this.toWorld(px, py);
    this.moveTo({ x: this.x + before.x - after.x, y: this.y + before.y - after.y, scale: this.scale });
  }
}
