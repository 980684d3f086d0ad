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

  readonly #bare: boolean;

  /** `bare`: nothing lies over the map, so the house may fill all of it. */
  constructor(house: { width: number; height: number }, bare: boolean) {
    this.#house = house;
    this.#bare = bare;
  }

  toScreen = (x: number, y: number) => ({
    x: (x - this.x) * this.scale + this.width / 2,
    y: (y - this.y) * this.scale + this.height / 2
  });

  toWorld = (px: number, py: number) => ({
    x: (px - this.width / 2) / this.scale + this.x,
    y: (py - this.height / 2) / this.scale + this.y
  });

  /** The whole house, between the title and the legend. */
  fitted(): { x: number; y: number; scale: number } {
    const wide = this.width > 640;
    const [top, bottom, side] = this.#bare ? [12, 12, 12] : wide ? [84, 64, 24] : [120, 12, 8];
    const { width, height } = this.#house;
    const room = { width: Math.max(80, this.width - 2 * side), height: Math.max(80, this.height - top - bottom) };
    const scale = Math.min(room.width / width, room.height / height, 26);
    this.#least = scale * 0.8;
    this.whole = scale;
    return { x: width / 2, y: height / 2 - (top - bottom) / 2 / scale, scale };
  }

  /** Where to look to see all these points, from as near as `near` (pixels for each unit) if they are few enough. */
  around(points: readonly { x: number; y: number }[], near: number): { x: number; y: number; scale: number } {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const room = Math.min(this.width / (right - left + 6), this.height / (bottom - top + 10));
    const scale = Math.min(room, Math.max(near, this.scale));
    return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
  }

  /** Where to look to have the whole rectangle before one, from as near as it fits but not nearer than `most`. */
  onto(box: { left: number; top: number; right: number; bottom: number }, least: number, most: number) {
    const room = Math.min(
      this.width / (box.right - box.left + 4),
      Math.max(80, this.height - 160) / (box.bottom - box.top + 4)
    );
    const scale = Math.max(least, Math.min(most, room));
    return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale };
  }

  moveTo({ x, y, scale }: { x: number; y: number; scale: number }) {
    this.scale = Math.min(Camera.most, Math.max(this.#least, scale));
    // The middle of the view never leaves the house: nobody gets lost in the dark.
    this.x = Math.min(this.#house.width, Math.max(0, x));
    this.y = Math.min(this.#house.height + 4, Math.max(-8, y));
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
