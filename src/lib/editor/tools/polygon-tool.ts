import * as m from '#domain/messages/compiled/editor.js';
import { addArea } from '../document/areas.ts';
import { distance, type Point } from '../document/geometry.ts';
import { nothing } from '../document/selection.ts';
import { linesFor, snapped, type Board } from './tool.ts';

/** A standing area by its corners: each click sets one, a click on the first or Enter closes it. */
export class PolygonTool {
  #corners: Point[] = [];
  readonly #board: Board;

  constructor(board: Board) {
    this.#board = board;
  }

  click(at: Point, free: boolean) {
    const board = this.#board;
    const [first] = this.#corners;
    if (first && this.#corners.length > 2 && distance(first, at) * board.camera.scale < 12) return this.close();
    const { x, y } = snapped(board, at, linesFor(board, nothing), free);
    const last = this.#corners.at(-1);
    if (last && distance(last, { x, y }) < 0.05) return;
    this.#corners.push({ x, y });
    this.hover(at);
  }

  hover(at: Point) {
    if (this.#corners.length === 0) return;
    const outline = [...this.#corners, at].map(({ x, y }): [number, number] => [x, y]);
    const text = this.#corners.length > 2 ? m.enter_closes() : m.corner({ n: this.#corners.length + 1 });
    this.#board.show({ outline, words: { at, text } });
  }

  close() {
    const { session } = this.#board;
    if (this.#corners.length > 2) {
      const { draft, made } = addArea(session.draft, this.#corners, session.wish.standing, session.into);
      session.apply(m.drew_area({ count: session.wish.standing }), draft, made);
    }
    this.leave();
  }

  /** Whether there was something to leave. */
  leave(): boolean {
    const begun = this.#corners.length > 0;
    this.#corners = [];
    this.#board.show(null);
    return begun;
  }
}
