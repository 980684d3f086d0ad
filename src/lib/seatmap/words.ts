/** Words on the map as pictures: writing them with their outline takes the canvas twenty times as long as copying. */
export interface Writing {
  font: string;
  ink: string;
  /** Around the letters, so that they can be read on seats of any colour. */
  edge: string;
}

const EDGE = 3;
/** A busy show counts down in every section: what was written a while ago is not needed again. */
const KEPT = 500;

export class Words {
  readonly #made = new Map<string, { picture: HTMLCanvasElement; width: number; height: number }>();

  /** The middle of the words is at (x, y), in CSS pixels of a canvas with `density` pixels each. */
  write(g: CanvasRenderingContext2D, density: number, text: string, x: number, y: number, how: Writing) {
    const key = `${density} ${how.font} ${how.ink} ${how.edge} ${text}`;
    let made = this.#made.get(key);
    if (!made) {
      if (this.#made.size >= KEPT) this.#made.clear();
      made = draw(g, density, text, how);
      this.#made.set(key, made);
    }
    // On whole pixels, or the letters would swim while the map moves.
    const left = Math.round((x - made.width / 2) * density) / density;
    const top = Math.round((y - made.height / 2) * density) / density;
    g.drawImage(made.picture, left, top, made.width, made.height);
  }

  forget() {
    this.#made.clear();
  }
}

function draw(g: CanvasRenderingContext2D, density: number, text: string, { font, ink, edge }: Writing) {
  g.font = font;
  const measured = g.measureText(text);
  const tall = measured.fontBoundingBoxAscent + measured.fontBoundingBoxDescent;
  const picture = document.createElement('canvas');
  picture.width = Math.ceil((measured.width + 2 * EDGE) * density);
  picture.height = Math.ceil((tall + 2 * EDGE) * density);
  const [width, height] = [picture.width / density, picture.height / density];
  const pen = picture.getContext('2d');
  if (pen) {
    pen.scale(density, density);
    Object.assign(pen, { font, textAlign: 'center', textBaseline: 'middle', lineWidth: EDGE, lineJoin: 'round' });
    pen.strokeStyle = edge;
    pen.strokeText(text, width / 2, height / 2);
    pen.fillStyle = ink;
    pen.fillText(text, width / 2, height / 2);
  }
  return { picture, width, height };
}
