/** Where words stand already, so that others keep off: what finds no room is left out until the map comes closer. */
export class LabelRoom {
  readonly #taken: { left: number; top: number; right: number; bottom: number }[] = [];

  /** Whether words so large (px) have room with their middle at (x, y); then it is theirs. */
  take(x: number, y: number, width: number, height: number): boolean {
    const box = { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
    const free = this.#taken.every(
      (other) =>
        box.right <= other.left || box.left >= other.right || box.bottom <= other.top || box.top >= other.bottom
    );
    if (free) this.#taken.push(box);
    return free;
  }
}

/** About how wide words are (px) in a font of this size: measuring them in every picture would take longer than drawing. */
export const widthOf = (text: string, size: number): number => text.length * size * 0.6 + 6;
