import type { Palette } from '../../seatmap/palette.ts';
import type { Point } from '../document/geometry.ts';
import type { EditorCamera } from './editor-camera.ts';
import { trace } from './paint-floor.ts';

/** What a tool shows while it is used; nothing of it is in the plan yet. */
export interface Overlay {
  /** Seats that would be made. */
  seats?: readonly Point[];
  outline?: readonly [number, number][];
  /** The outline is a choice being made, not something to be built. */
  choosing?: boolean;
  guides?: { x: number | null; y: number | null };
  /** A few words at a point, such as "12 rows of 20". */
  words?: { at: Point; text: string };
}

export function paintOverlay(
  g: CanvasRenderingContext2D,
  { seats = [], outline, choosing, guides, words }: Overlay,
  camera: EditorCamera,
  palette: Palette
) {
  if (guides) paintGuides(g, guides, camera, palette);
  if (outline && outline.length > 0) {
    trace(g, camera, outline);
    if (outline.length > 2) g.closePath();
    g.globalAlpha = 0.1;
    g.fillStyle = palette.accent;
    g.fill();
    g.globalAlpha = 1;
    g.strokeStyle = palette.accent;
    g.lineWidth = 1.5;
    g.setLineDash(choosing ? [5, 4] : []);
    g.stroke();
    g.setLineDash([]);
  }
  if (seats.length > 0) {
    const size = Math.max(2, camera.scale * 0.76);
    g.globalAlpha = 0.75;
    g.fillStyle = palette.accent;
    for (const point of seats) {
      const { x, y } = camera.toScreen(point.x, point.y);
      g.fillRect(x - size / 2, y - size / 2, size, size);
    }
    g.globalAlpha = 1;
  }
  if (words) paintWords(g, words, camera, palette);
}

function paintGuides(
  g: CanvasRenderingContext2D,
  { x, y }: { x: number | null; y: number | null },
  camera: EditorCamera,
  palette: Palette
) {
  g.strokeStyle = palette.accent;
  g.lineWidth = 1;
  g.setLineDash([2, 3]);
  g.beginPath();
  if (x !== null) {
    const at = Math.round(camera.toScreen(x, 0).x) + 0.5;
    g.moveTo(at, 0);
    g.lineTo(at, camera.height);
  }
  if (y !== null) {
    const at = Math.round(camera.toScreen(0, y).y) + 0.5;
    g.moveTo(0, at);
    g.lineTo(camera.width, at);
  }
  g.stroke();
  g.setLineDash([]);
}

function paintWords(
  g: CanvasRenderingContext2D,
  { at, text }: { at: Point; text: string },
  camera: EditorCamera,
  palette: Palette
) {
  const { x, y } = camera.toScreen(at.x, at.y);
  g.font = '600 12px "Inter Variable", sans-serif';
  const width = g.measureText(text).width + 16;
  g.fillStyle = palette.accent;
  g.beginPath();
  g.roundRect(x + 12, y + 12, width, 24, 12);
  g.fill();
  g.fillStyle = palette.onAccent;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillText(text, x + 12 + width / 2, y + 25);
}
