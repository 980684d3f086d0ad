import type { Stroke } from '../../seatmap/gestures.ts';
import { snapBox } from '../canvas/snap.ts';
import { moveBy } from '../actions.ts';
import { boxOf, pointsOf, type Point } from '../document/geometry.ts';
import { includes, isEmpty, nothing, ofRows, toggled, union, type Selection } from '../document/selection.ts';
import { gridOf, linesFor, reachOf, snapReach, type Board } from './tool.ts';

/** Moving less than this (px) is a click. */
const STILL = 4;

/** Choosing by click, rectangle or loop, and dragging what is chosen. Null means that the view is moved instead. */
export function selectStroke(board: Board, at: Point, event: PointerEvent, loop: boolean): Stroke | null {
  const { session } = board;
  const touch = event.pointerType !== 'mouse';
  const hit = board.floor().hit(at, reachOf(board, touch));
  if (isEmpty(hit) || (loop && !includes(session.selection, hit))) {
    return touch && !loop ? null : chooseStroke(board, at, event.shiftKey, loop, hit);
  }
  const chosen = includes(session.selection, hit);
  if (touch && !chosen) return null;
  if (!chosen) session.choose(event.shiftKey ? union(session.selection, hit) : hit);
  return dragStroke(board, at, () => {
    if (!chosen) return;
    session.choose(event.shiftKey ? toggled(session.selection, hit) : hit);
  });
}

/** A tap with a finger. */
export function tap(board: Board, at: Point) {
  const { session } = board;
  const hit = board.floor().hit(at, reachOf(board, true));
  // A finger has no Shift: it adds and takes away. A tap on nothing chooses nothing.
  session.choose(isEmpty(hit) ? nothing : toggled(session.selection, hit));
}

export function chooseRowAt(board: Board, at: Point) {
  const floor = board.floor();
  const seat = floor.nearest(at, reachOf(board, false));
  const row = seat === null ? undefined : floor.rowAt(seat);
  if (row) board.session.choose(ofRows(board.session.draft, new Set([row.id])));
}

function chooseStroke(board: Board, from: Point, add: boolean, loop: boolean, hit: Selection): Stroke {
  const before = add ? board.session.selection : nothing;
  const path: [number, number][] = [[from.x, from.y]];
  let far = false;
  const outline = (to: Point): [number, number][] =>
    loop
      ? path
      : [
          [from.x, from.y],
          [to.x, from.y],
          [to.x, to.y],
          [from.x, to.y]
        ];
  const go = (x: number, y: number) => {
    const to = board.camera.toWorld(x, y);
    if (loop) path.push([to.x, to.y]);
    far ||= Math.hypot(to.x - from.x, to.y - from.y) * board.camera.scale > STILL;
    return to;
  };
  return {
    move(x, y) {
      const to = go(x, y);
      if (far) board.show({ outline: outline(to), choosing: true });
    },
    end(x, y) {
      const to = go(x, y);
      board.show(null);
      board.session.choose(far ? union(before, board.floor().enclosed(outline(to))) : toggled(before, hit));
    },
    cancel: () => board.show(null)
  };
}

function dragStroke(board: Board, from: Point, click: () => void): Stroke {
  const { session } = board;
  const chosen = session.selection;
  const box = boxOf(pointsOf(session.draft, chosen));
  const lines = linesFor(board, chosen);
  let by: Point | null = null;
  return {
    move(x, y, event) {
      const to = board.camera.toWorld(x, y);
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      if (!box || (!by && Math.hypot(dx, dy) * board.camera.scale < STILL)) return;
      const snap = event.altKey
        ? { dx, dy, guides: { x: null, y: null } }
        : snapBox(box, dx, dy, lines, gridOf(board), session.snapping ? snapReach(board) : 0);
      by = { x: snap.dx, y: snap.dy };
      board.carry(by);
      board.show({ guides: snap.guides });
    },
    end() {
      board.show(null);
      board.carry(null);
      if (by) moveBy(session, by.x, by.y);
      else click();
    },
    cancel() {
      board.show(null);
      board.carry(null);
    }
  };
}
