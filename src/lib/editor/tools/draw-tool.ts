import * as m from '#domain/messages/compiled/editor.js';
import type { Stroke } from '../../seatmap/gestures.ts';
import { draw, sketch, strokeOf, type Drawing } from '../drawing.ts';
import type { Point } from '../document/geometry.ts';
import { nothing } from '../document/selection.ts';
import { wordsFor } from '../document/words.ts';
import { linesFor, snapped, type Board } from './tool.ts';

/** Shows more than this many seats as an outline only: a preview must keep up with the hand. */
const MOST_SHOWN = 6000;

function build({ session }: Board, what: Drawing, from: Point, to: Point) {
  const [a, b] = strokeOf(what, from, to);
  const { draft, made } = draw(session.draft, what, a, b, session.wish, session.into);
  session.apply(m.drew({ what: wordsFor(draft, made) }), draft, made);
}

/** Draws from where the pointer goes down to where it comes up. */
export function drawStroke(board: Board, at: Point, what: Drawing, event: PointerEvent): Stroke {
  const lines = linesFor(board, nothing);
  const from = snapped(board, at, lines, event.altKey);
  const end = (x: number, y: number, { altKey, shiftKey }: PointerEvent) => {
    const to = snapped(board, board.camera.toWorld(x, y), lines, altKey);
    // With Shift a row is level or upright.
    if (!shiftKey || (what !== 'row' && what !== 'arc')) return to;
    return Math.abs(to.x - from.x) > Math.abs(to.y - from.y) ? { ...to, y: from.y } : { ...to, x: from.x };
  };
  const preview = (to: ReturnType<typeof snapped>) => {
    const [a, b] = strokeOf(what, from, to);
    const { lines: rows, outline, words } = sketch(what, a, b, board.session.wish);
    const seats = rows.flat();
    board.show({
      ...{ seats: seats.slice(0, MOST_SHOWN), outline: outline.map(({ x, y }): [number, number] => [x, y]) },
      ...{ guides: to.guides, words: { at: to, text: words } }
    });
  };
  preview(from);
  return {
    move: (x, y, moved) => preview(end(x, y, moved)),
    end(x, y, up) {
      board.show(null);
      build(board, what, from, end(x, y, up));
    },
    cancel: () => board.show(null)
  };
}

/** The same without a pointer: of the usual size, in the middle of what is seen. */
export function putInView(board: Board, what: Drawing) {
  const { x, y } = board.camera;
  const middle = { x: Math.round(x), y: Math.round(y) };
  const [from, to] = strokeOf(what, middle, middle);
  const shift = { x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 };
  build(board, what, { x: from.x - shift.x, y: from.y - shift.y }, { x: to.x - shift.x, y: to.y - shift.y });
}
