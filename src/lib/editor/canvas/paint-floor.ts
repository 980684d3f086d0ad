import * as m from '#domain/messages/compiled/editor.js';
import type { Palette } from '../../seatmap/palette.ts';
import { seatShape } from '../../seatmap/seat-shapes.ts';
import { radians } from '../document/geometry.ts';
import type { Selection } from '../document/selection.ts';
import type { EditorCamera } from './editor-camera.ts';
import type { Floor } from './floor.ts';
import { paintFarSeats } from './paint-far.ts';
import { paintMarks, paintRowNames } from './paint-names.ts';

/** What is drawn, and which of it: while things are dragged they lie on a sheet of their own. */
export interface Sheet {
  floor: Floor;
  camera: EditorCamera;
  palette: Palette;
  /** Pixels of the screen for one of the page. */
  density: number;
  selection: Selection;
  /** Distance of the lines of the grid; 0 for none. */
  grid: number;
  background: CanvasImageSource | null;
  which: 'all' | 'resting' | 'moving';
}

/** Pixels for each unit: below the first seats are dots, from the last on they carry their numbers. */
export const DOTS_BELOW = 7;
const ROUND_FROM = 11;
const LABELS_FROM = 20;
const ROWS_FROM = 9;
export const FONT = '"Inter Variable", sans-serif';

export function paintFloor(g: CanvasRenderingContext2D, sheet: Sheet) {
  const { camera, which } = sheet;
  g.clearRect(0, 0, camera.width, camera.height);
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  if (which !== 'moving') {
    paintBackground(g, sheet);
    paintGrid(g, sheet);
    paintFocus(g, sheet);
  }
  paintStage(g, sheet);
  paintAreas(g, sheet);
  paintTables(g, sheet);
  if (camera.scale < DOTS_BELOW) paintFarSeats(g, sheet);
  else paintSeats(g, sheet);
}

const shown = (which: Sheet['which'], selected: boolean) => which === 'all' || (which === 'moving') === selected;

function paintBackground(g: CanvasRenderingContext2D, { floor, camera, background }: Sheet) {
  const place = floor.draft.background;
  if (!place || !background) return;
  const { x, y } = camera.toScreen(place.x, place.y);
  g.globalAlpha = place.opacity;
  g.drawImage(background, x, y, place.width * camera.scale, place.height * camera.scale);
  g.globalAlpha = 1;
}

function paintGrid(g: CanvasRenderingContext2D, { camera, grid, palette }: Sheet) {
  if (grid <= 0) return;
  let step = grid;
  while (step * camera.scale < 14) step *= 2;
  const { left, top, right, bottom } = camera.view(0);
  g.beginPath();
  for (let x = Math.ceil(left / step) * step; x <= right; x += step) {
    const at = Math.round(camera.toScreen(x, 0).x) + 0.5;
    g.moveTo(at, 0);
    g.lineTo(at, camera.height);
  }
  for (let y = Math.ceil(top / step) * step; y <= bottom; y += step) {
    const at = Math.round(camera.toScreen(0, y).y) + 0.5;
    g.moveTo(0, at);
    g.lineTo(camera.width, at);
  }
  g.globalAlpha = 0.09;
  g.strokeStyle = palette.soft;
  g.lineWidth = 1;
  g.stroke();
  g.globalAlpha = 1;
}

/** Where the eyes go: a small cross. */
function paintFocus(g: CanvasRenderingContext2D, { floor, camera, palette }: Sheet) {
  const { x, y } = camera.toScreen(floor.draft.focus.x, floor.draft.focus.y);
  g.strokeStyle = palette.faint;
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(x - 5, y);
  g.lineTo(x + 5, y);
  g.moveTo(x, y - 5);
  g.lineTo(x, y + 5);
  g.stroke();
}

export function trace(g: CanvasRenderingContext2D, camera: EditorCamera, outline: readonly [number, number][]) {
  g.beginPath();
  outline.forEach(([x, y], n) => {
    const at = camera.toScreen(x, y);
    if (n === 0) g.moveTo(at.x, at.y);
    else g.lineTo(at.x, at.y);
  });
}

const middle = (outline: readonly [number, number][]) => ({
  x: outline.reduce((sum, [x]) => sum + x, 0) / Math.max(1, outline.length),
  y: outline.reduce((sum, [, y]) => sum + y, 0) / Math.max(1, outline.length)
});

function paintStage(g: CanvasRenderingContext2D, { floor, camera, palette, selection, which }: Sheet) {
  const { outline, label } = floor.draft.stage;
  if (outline.length === 0 || !shown(which, selection.stage)) return;
  const box = outline.length <= 4;
  trace(g, camera, outline);
  if (box) g.closePath();
  g.strokeStyle = palette.accent;
  g.lineWidth = selection.stage ? 4.5 : 3;
  g.lineCap = 'round';
  g.lineJoin = 'round';
  if (box) {
    g.globalAlpha = 0.08;
    g.fillStyle = palette.accent;
    g.fill();
    g.globalAlpha = 1;
  }
  g.stroke();
  const { x, y } = middle(outline);
  const at = camera.toScreen(x, y);
  g.fillStyle = palette.soft;
  g.font = `600 12px ${FONT}`;
  g.fillText(label, at.x, box ? at.y : at.y - 16);
}

function paintAreas(g: CanvasRenderingContext2D, { floor, camera, palette, selection, which }: Sheet) {
  const ordinals = new Map(floor.draft.tiers.map(({ id, ordinal }) => [id, ordinal]));
  for (const area of floor.draft.areas) {
    const chosen = selection.areas.has(area.id);
    if (!shown(which, chosen)) continue;
    const colour = palette.tiers[(ordinals.get(area.tier) ?? 0) - 1] ?? palette.faint;
    trace(g, camera, area.outline);
    g.closePath();
    g.globalAlpha = 0.22;
    g.fillStyle = colour;
    g.fill();
    g.globalAlpha = 1;
    g.strokeStyle = chosen ? palette.accent : colour;
    g.lineWidth = chosen ? 2.5 : 1.2;
    g.stroke();
    const { x, y } = middle(area.outline);
    const at = camera.toScreen(x, y);
    g.fillStyle = palette.ink;
    g.font = `600 13px ${FONT}`;
    g.fillText(area.name, at.x, at.y - 8);
    g.font = `500 11px ${FONT}`;
    g.fillText(m.places_count({ count: area.count }), at.x, at.y + 9);
  }
}

function paintTables(g: CanvasRenderingContext2D, { floor, camera, palette, selection, which }: Sheet) {
  for (const table of floor.draft.tables) {
    const chosen = selection.tables.has(table.id);
    if (!shown(which, chosen)) continue;
    const { x, y } = camera.toScreen(table.x, table.y);
    const [width, height] = [table.width * camera.scale, table.height * camera.scale];
    if (x + width < 0 || y + height < 0 || x - width > camera.width || y - height > camera.height) continue;
    g.save();
    g.translate(x, y);
    g.rotate(radians(table.rotation));
    g.beginPath();
    if (table.shape === 'round') g.ellipse(0, 0, width / 2, height / 2, 0, 0, 2 * Math.PI);
    else g.roundRect(-width / 2, -height / 2, width, height, Math.min(8, width / 6));
    g.globalAlpha = 0.14;
    g.fillStyle = palette.soft;
    g.fill();
    g.globalAlpha = 1;
    g.strokeStyle = chosen ? palette.accent : palette.faint;
    g.lineWidth = chosen ? 2.5 : 1.2;
    g.stroke();
    g.restore();
    if (width < 44) continue;
    g.fillStyle = palette.soft;
    g.font = `500 11px ${FONT}`;
    g.fillText(table.label, x, y);
  }
}

function paintSeats(g: CanvasRenderingContext2D, sheet: Sheet) {
  const { floor, camera, palette, selection, which } = sheet;
  const { scale } = camera;
  const round = scale >= ROUND_FROM;
  const paths = [0, 1, 2, 3, 4, 5].map(() => new Path2D());
  const chosen = new Path2D();
  const texts: number[] = [];
  const rows = new Set<number>();
  for (const n of floor.within(camera.view())) {
    const selected = selection.seats.has(floor.ids[n] ?? '');
    if (!shown(which, selected)) continue;
    const { x, y } = camera.toScreen(floor.xs[n] ?? 0, floor.ys[n] ?? 0);
    seatShape(paths[floor.tiers[n] ?? 0], x, y, scale, round);
    if (selected) ringAround(chosen, x, y, scale);
    if (scale >= LABELS_FROM) texts.push(n);
    rows.add(floor.rowOf[n] ?? 0);
  }
  paths.forEach((path, ordinal) => {
    g.fillStyle = palette.tiers[ordinal - 1] ?? palette.faint;
    g.fill(path);
  });
  g.strokeStyle = palette.accent;
  g.lineWidth = Math.max(1.4, scale * 0.1);
  g.stroke(chosen);
  paintMarks(g, sheet, texts);
  if (scale >= ROWS_FROM) paintRowNames(g, sheet, rows);
}

function ringAround(path: Path2D, x: number, y: number, scale: number) {
  const size = scale * 0.94;
  if (scale >= ROUND_FROM) path.roundRect(x - size / 2, y - size / 2, size, size, size * 0.34);
  else path.rect(x - size / 2, y - size / 2, size, size);
}
