import type { Camera } from './camera.ts';
import { glideOn, type Speed } from './glide.ts';

export interface Place {
  x: number;
  y: number;
  scale: number;
}

interface Flight {
  from: Place;
  to: Place;
  /** By the clock of animation frames. */
  start: number;
}

const FLY_MS = 240;

/** What moves the camera by itself: a flight to a place, or the rest of a drag. One of them at a time. */
export class Motion {
  readonly #camera: Camera;
  #flight: Flight | null = null;
  #glide: { speed: Speed; at: number } | null = null;

  constructor(camera: Camera) {
    this.#camera = camera;
  }

  get flying(): boolean {
    return this.#flight !== null;
  }

  fly(to: Place, now: number) {
    const { x, y, scale } = this.#camera;
    this.#glide = null;
    this.#flight = { from: { x, y, scale }, to, start: now };
  }

  glide(speed: Speed, now: number) {
    this.#flight = null;
    this.#glide = { speed, at: now };
  }

  stop() {
    this.#flight = null;
    this.#glide = null;
  }

  /** Moves the camera to where it is at this moment; answers whether it goes on. */
  advance(now: number): boolean {
    if (this.#flight) this.#fly(this.#flight, now);
    if (this.#glide) {
      const { dx, dy, speed } = glideOn(this.#glide.speed, Math.max(0, now - this.#glide.at));
      this.#camera.pan(dx, dy);
      this.#glide = speed && { speed, at: Math.max(now, this.#glide.at) };
    }
    return this.#flight !== null || this.#glide !== null;
  }

  #fly({ from, to, start }: Flight, now: number) {
    const part = Math.min(1, Math.max(0, (now - start) / FLY_MS));
    const eased = 1 - (1 - part) ** 3;
    const between = (a: number, b: number) => a + (b - a) * eased;
    // By factors and not by differences, or the way in would begin with a leap.
    const scale = from.scale * (to.scale / from.scale) ** eased;
    this.#camera.moveTo({ x: between(from.x, to.x), y: between(from.y, to.y), scale });
    if (part === 1) this.#flight = null;
  }
}
