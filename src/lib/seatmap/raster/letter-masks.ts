import type { Mask } from './seat-masks.ts';

/** More than the seat numbers of any house, in a few sizes. */
const KEPT = 2000;

/** Words as pixels, each drawn by the canvas once: a number stands on hundreds of seats. */
export class LetterMasks {
  readonly #made = new Map<string, Mask>();
  #pen: CanvasRenderingContext2D | null = null;

  /** `size` in device pixels. */
  of(text: string, size: number): Mask {
    const key = `${size} ${text}`;
    let mask = this.#made.get(key);
    if (!mask) {
      if (this.#made.size >= KEPT) this.#made.clear();
      mask = this.#draw(text, size);
      this.#made.set(key, mask);
    }
    return mask;
  }

  /** The fonts have come. */
  forget() {
    this.#made.clear();
  }

  #draw(text: string, size: number): Mask {
    this.#pen ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const pen = this.#pen;
    if (!pen) return { dx: new Int16Array(), dy: new Int16Array(), alpha: new Uint8Array(), reach: 0 };
    const font = `600 ${size}px "Inter Variable", sans-serif`;
    pen.font = font;
    const half = Math.ceil(Math.max(pen.measureText(text).width / 2, size * 0.7)) + 1;
    Object.assign(pen.canvas, { width: 2 * half, height: 2 * half });
    // A canvas of another size has forgotten everything.
    Object.assign(pen, { font, textAlign: 'center', textBaseline: 'middle' });
    pen.fillText(text, half, half + size * 0.06);
    return maskOf(pen.getImageData(0, 0, 2 * half, 2 * half).data, half);
  }
}

function maskOf(data: Uint8ClampedArray, half: number): Mask {
  const [dx, dy, alpha]: [number[], number[], number[]] = [[], [], []];
  for (let n = 0; n < data.length / 4; n++) {
    const covered = data[4 * n + 3] ?? 0;
    if (covered < 3) continue;
    dx.push((n % (2 * half)) - half);
    dy.push(Math.floor(n / (2 * half)) - half);
    alpha.push(covered);
  }
  return { dx: Int16Array.from(dx), dy: Int16Array.from(dy), alpha: Uint8Array.from(alpha), reach: half };
}
