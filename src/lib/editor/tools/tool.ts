import type { EditorCamera } from '../canvas/editor-camera.ts';
import type { Floor } from '../canvas/floor.ts';
import type { Overlay } from '../canvas/paint-overlay.ts';
import { linesOf, snapPoint, type Lines } from '../canvas/snap.ts';
import type { Point } from '../document/geometry.ts';
import type { Selection } from '../document/selection.ts';
import type { EditorSession } from '../session.svelte.ts';

/** What a tool may use of the board it works on. */
export interface Board {
  readonly session: EditorSession;
  readonly camera: EditorCamera;
  /** The draft as it is now. */
  floor(): Floor;
  /** Shows what is being drawn; null when nothing is. */
  show(overlay: Overlay | null): void;
  /** Lays what is chosen on a sheet of its own, moved by this much (units); null puts it back. */
  carry(by: Point | null): void;
}

/** How near to a line things snap, and how near to a seat a click finds it (pixels). */
const SNAP_PX = 6;
const HIT_PX = { mouse: 7, touch: 16 };

export const reachOf = ({ camera }: Board, touch: boolean) =>
  Math.max(0.55, HIT_PX[touch ? 'touch' : 'mouse'] / camera.scale);
export const snapReach = ({ camera }: Board) => SNAP_PX / camera.scale;
export const gridOf = ({ session }: Board) => (session.snapping ? session.grid : 0);
const NO_LINES: Lines = { xs: [], ys: [] };

export const linesFor = (board: Board, moving: Selection): Lines =>
  board.session.snapping ? linesOf(board.session.draft, moving, board.camera.view()) : NO_LINES;

export function snapped(board: Board, point: Point, lines: Lines, free: boolean) {
  if (free || !board.session.snapping) return { ...point, guides: { x: null, y: null } };
  return snapPoint(point, lines, board.session.grid, snapReach(board));
}
