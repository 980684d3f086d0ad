/** Words on the map as pictures: writing them with their outline takes the canvas twenty times as long as copying. */
export interface Writing {
  font: string;
  ink: string;
  /** Around the letters, so that they can be read on seats of any colour. */
  edge: string;
}

interface Picture {
  canvas: HTMLCanvasElement;
  width: number;
  height: number;
}

const EDGE = 3;
/** More than the names of any house, in a few sizes. */
const KEPT = 600;
/**
 * A busy show counts down in every section in every frame. A count is written anew so seldom (ms), and so few of them in
 * one frame, that nobody sees it lag, and no frame is late for it.
 */
const COUNT_MS = 300;
const COUNTS_A_FRAME = 3;
/**
 * Longer than this (ms) no frame writes: a stadium that comes into sight has a hundred names at once, which would hold up
 * the seats. The others follow in the frames after it.
 */
const WRITING_MS = 2;

export class Words {
  readonly #made = new Map<string, Picture>();
  readonly #counts = new Map<string, { text: string; style: string; at: number; picture: Picture }>();
  #now = 0;
  #left = COUNTS_A_FRAME;
  #spent = 0;
  /** Some words are of a moment ago, or not written yet: to be drawn once more. */
  behind = false;

  /** A frame begins. */
  begin(now: number) {
    [this.#now, this.#left, this.#spent, this.behind] = [now, COUNTS_A_FRAME, 0, false];
  }

  /** The middle of the words is at (x, y), in CSS pixels of a canvas with `density` pixels each. */
  write(g: CanvasRenderingContext2D, density: number, text: string, x: number, y: number, how: Writing) {
    const key = `${styleOf(density, how)} ${text}`;
    let made = this.#made.get(key);
    if (!made) {
      if (this.#late()) return;
      const [oldest] = this.#made.keys();
      if (this.#made.size >= KEPT && oldest !== undefined) this.#made.delete(oldest);
      made = this.#draw(g, density, text, how);
      this.#made.set(key, made);
    }
    copy(g, density, made, x, y);
  }

  /** The same for a count, which is never the same for long: what was written at this `place` stands in for a moment. */
  count(g: CanvasRenderingContext2D, density: number, place: string, text: string, x: number, y: number, how: Writing) {
    const style = styleOf(density, how);
    const before = this.#counts.get(place);
    const same = before?.style === style;
    let picture = same ? before.picture : undefined;
    if ((!same || (before.text !== text && this.#due(before.at))) && !this.#late()) {
      picture = this.#draw(g, density, text, how, before?.picture.canvas);
      this.#counts.set(place, { text, style, at: this.#now, picture });
    } else if (before?.text !== text) this.behind = true;
    if (picture) copy(g, density, picture, x, y);
  }

  forget() {
    this.#made.clear();
    this.#counts.clear();
  }

  /** Whether this frame has written long enough; then another one is asked for. */
  #late(): boolean {
    if (this.#spent < WRITING_MS) return false;
    this.behind = true;
    return true;
  }

  #draw(...given: Parameters<typeof draw>): Picture {
    const began = performance.now();
    const picture = draw(...given);
    this.#spent += performance.now() - began;
    return picture;
  }

  #due(at: number): boolean {
    if (this.#left === 0 || this.#now - at < COUNT_MS) return false;
    this.#left--;
    return true;
  }
}

const styleOf = (density: number, { font, ink, edge }: Writing) => `${density} ${font} ${ink} ${edge}`;

function copy(g: CanvasRenderingContext2D, density: number, made: Picture, x: number, y: number) {
  // On whole pixels, or the letters would swim while the map moves.
  const left = Math.round((x - made.width / 2) * density) / density;
  const top = Math.round((y - made.height / 2) * density) / density;
  g.drawImage(made.canvas, left, top, made.width, made.height);
}

function draw(
  g: CanvasRenderingContext2D,
  density: number,
  text: string,
  { font, ink, edge }: Writing,
  canvas = document.createElement('canvas')
): Picture {
  if (g.font !== font) g.font = font;
  const measured = g.measureText(text);
  const tall = measured.fontBoundingBoxAscent + measured.fontBoundingBoxDescent;
  canvas.width = Math.ceil((measured.width + 2 * EDGE) * density);
  canvas.height = Math.ceil((tall + 2 * EDGE) * density);
  const [width, height] = [canvas.width / density, canvas.height / density];
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.scale(density, density);
    Object.assign(pen, { font, textAlign: 'center', textBaseline: 'middle', lineWidth: EDGE, lineJoin: 'round' });
    pen.strokeStyle = edge;
    pen.strokeText(text, width / 2, height / 2);
    pen.fillStyle = ink;
    pen.fillText(text, width / 2, height / 2);
  }
  return { canvas, width, height };
}
