/** More device pixels than this (a 4K screen has 8 million) would cost more than they show. */
const MOST_PIXELS = 9_000_000;

/** The canvas with as many pixels as the screen has there, whatever its pixel ratio is and becomes. */
export class Surface {
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasRenderingContext2D | null;
  readonly #watch: ResizeObserver;
  #size = { width: 0, height: 0 };

  constructor(canvas: HTMLCanvasElement, resized: () => void) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext('2d');
    this.#watch = new ResizeObserver(([entry]) => {
      const [exact, about] = [entry?.devicePixelContentBoxSize?.[0], this.#estimate()];
      // The two differ by a pixel at most, but where a browser only plays another device.
      const sound = exact && Math.abs(exact.inlineSize - about.width) < 2;
      this.#size = sound ? { width: exact.inlineSize, height: exact.blockSize } : about;
      resized();
    });
    try {
      this.#watch.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      // A browser that does not count device pixels.
      this.#watch.observe(canvas);
    }
    this.#size = this.#estimate();
  }

  /** To draw with; sized now, because a canvas of another size is empty until it is drawn. */
  pen(): CanvasRenderingContext2D | null {
    const { width, height } = this.#size;
    const part = Math.min(1, Math.sqrt(MOST_PIXELS / Math.max(1, width * height)));
    const [wide, tall] = [Math.max(1, Math.round(width * part)), Math.max(1, Math.round(height * part))];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== tall) this.#canvas.height = tall;
    return this.#pen;
  }

  close() {
    this.#watch.disconnect();
  }

  #estimate() {
    const { clientWidth, clientHeight } = this.#canvas;
    return { width: Math.round(clientWidth * devicePixelRatio), height: Math.round(clientHeight * devicePixelRatio) };
  }
}
