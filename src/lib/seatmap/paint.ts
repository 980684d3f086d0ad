import type { SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from './camera.ts';
import type { Block, House } from './house.ts';
import type { SeatLook } from './live-show.svelte.ts';
import type { Palette } from './palette.ts';
import type { SeatGrid } from './seat-grid.ts';
import { dot, hollow, seatShape, tick } from './seat-shapes.ts';

/** Pixels for each seat from which seats are drawn one by one, and from which they carry their numbers. */
export const SEATS_FROM = 3.2;
const ROUND_FROM = 7;
const ROWS_FROM = 10;
export const LABELS_FROM = 21;

export interface Scene {
  house: House;
  grid: SeatGrid;
  camera: Camera;
  palette: Palette;
  look: (seat: SeatIndex) => SeatLook;
  available: Uint32Array;
  mine: ReadonlySet<SeatIndex>;
  /** 0 … 1 while a seat's change fades in. */
  fade: (seat: SeatIndex) => number;
  focus: SeatIndex | null;
  hover: SeatIndex | null;
  offered: readonly SeatIndex[];
}

/** Draws the whole scene; called only when something has changed. Coordinates are CSS pixels. */
export function paint(g: CanvasRenderingContext2D, scene: Scene) {
  const { camera } = scene;
  g.clearRect(0, 0, camera.width, camera.height);
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  paintStage(g, scene);
  const far = camera.scale < SEATS_FROM;
  for (const [n, block] of scene.house.blocks.entries()) {
    if (far || block.standing) paintBlock(g, scene, block, n);
  }
  if (!far) paintSeats(g, scene);
  if (!far && camera.scale < LABELS_FROM * 1.4) paintNames(g, scene);
}

function trace(g: CanvasRenderingContext2D, camera: Camera, outline: readonly [number, number][]) {
  g.beginPath();
  outline.forEach(([x, y], n) => {
    const at = camera.toScreen(x, y);
    if (n === 0) g.moveTo(at.x, at.y);
    else g.lineTo(at.x, at.y);
  });
}

function paintStage(g: CanvasRenderingContext2D, { house, camera, palette }: Scene) {
  const { outline, label } = house.plan.stage;
  trace(g, camera, outline);
  g.strokeStyle = palette.accent;
  g.lineWidth = 3;
  g.lineCap = 'round';
  g.lineJoin = 'round';
  const box = outline.length <= 4;
  if (box) g.closePath();
  g.stroke();
  const middle = outline[Math.floor(outline.length / 2)];
  if (!middle) return;
  const x = outline.reduce((sum, point) => sum + point[0], 0) / outline.length;
  const y = outline.reduce((sum, point) => sum + point[1], 0) / outline.length;
  const at = camera.toScreen(x, box ? y : middle[1]);
  g.fillStyle = palette.faint;
  g.font = '600 12px "Inter Variable", sans-serif';
  g.fillText(label, at.x, box ? at.y : at.y - 16);
}

/** A section from far away, or a standing area: brighter the more is available. */
function paintBlock(g: CanvasRenderingContext2D, scene: Scene, block: Block, n: number) {
  const { camera, palette } = scene;
  const { box } = block;
  const [a, b] = [camera.toScreen(box.left, box.top), camera.toScreen(box.right, box.bottom)];
  if (b.x < 0 || b.y < 0 || a.x > camera.width || a.y > camera.height) return;
  const left = scene.available[n] ?? 0;
  const share = block.size > 0 ? left / block.size : 0;
  const colour = palette.tiers[block.tier] ?? palette.faint;
  trace(g, camera, block.outline);
  g.closePath();
  g.globalAlpha = left === 0 ? 0.12 : 0.2 + 0.5 * share;
  g.fillStyle = left === 0 ? palette.gone : colour;
  g.fill();
  g.globalAlpha = left === 0 ? 0.4 : 0.9;
  g.strokeStyle = left === 0 ? palette.gone : colour;
  g.lineWidth = 1;
  g.stroke();
  g.globalAlpha = 1;
  const mine = countMine(scene, n);
  if (mine > 0) {
    g.strokeStyle = palette.accent;
    g.lineWidth = 3;
    g.stroke();
  }
  const width = b.x - a.x;
  if (width < 26) return;
  const at = camera.toScreen(block.labelAt.x, block.labelAt.y);
  const short = width < 92 ? (block.name.split(' ').at(-1) ?? block.name) : block.name;
  const words = width < 92 ? '' : mine > 0 ? `${mine} yours · ${left} left` : `${left} left`;
  label(g, palette, short, at.x, words ? at.y - 8 : at.y, textFont(width < 60 ? 10 : 13), palette.ink);
  if (words) label(g, palette, words, at.x, at.y + 9, textFont(11), palette.ink);
}

const TITLE_FONT = '500 14px "Fraunces Variable", serif';
const textFont = (size: number) => `600 ${size}px "Inter Variable", sans-serif`;

function label(
  g: CanvasRenderingContext2D,
  palette: Palette,
  text: string,
  x: number,
  y: number,
  font: string,
  fill: string
) {
  g.font = font;
  g.lineWidth = 3;
  g.strokeStyle = palette.stage;
  g.lineJoin = 'round';
  g.strokeText(text, x, y);
  g.fillStyle = fill;
  g.fillText(text, x, y);
}

function countMine({ house, mine }: Scene, block: number): number {
  let count = 0;
  for (const seat of mine) if (house.blockOf[seat] === block) count++;
  return count;
}

function paintSeats(g: CanvasRenderingContext2D, scene: Scene) {
  const { camera, house, palette } = scene;
  const { scale } = camera;
  const from = camera.toWorld(-scale, -scale);
  const to = camera.toWorld(camera.width + scale, camera.height + scale);
  const round = scale >= ROUND_FROM;
  const labelled = scale >= LABELS_FROM;
  const filled = house.plan.tiers.map(() => new Path2D());
  const hollows = house.plan.tiers.map(() => new Path2D());
  const dots = new Path2D();
  const last: SeatIndex[] = [];
  const texts: SeatIndex[] = [];
  scene.grid.within(from.x, from.y, to.x, to.y, (seat) => {
    const look = scene.look(seat);
    if (look === 'blocked') return;
    if (look === 'yours' || look === 'pending' || scene.fade(seat) < 1) return void last.push(seat);
    const { x, y } = camera.toScreen(house.xs[seat] ?? 0, house.ys[seat] ?? 0);
    const tier = house.tierOf[seat] ?? 0;
    if (look === 'available') {
      seatShape(filled[tier], x, y, scale, round);
      if (labelled) texts.push(seat);
    } else if (look === 'held') hollow(hollows[tier], x, y, scale, round);
    else dot(dots, x, y, scale);
  });
  g.fillStyle = palette.gone;
  g.fill(dots);
  filled.forEach((path, tier) => {
    g.fillStyle = palette.tiers[tier] ?? palette.faint;
    g.fill(path);
  });
  g.lineWidth = Math.max(1, scale * 0.09);
  hollows.forEach((path, tier) => {
    g.strokeStyle = palette.tiers[tier] ?? palette.faint;
    g.stroke(path);
  });
  for (const seat of last) paintSingle(g, scene, seat, round);
  if (labelled) paintNumbers(g, scene, texts);
  for (const seat of scene.offered) ring(g, scene, seat, true);
  if (scene.hover !== null) ring(g, scene, scene.hover, false, 1.5);
  if (scene.focus !== null) ring(g, scene, scene.focus, false, 3);
  if (scale >= ROWS_FROM) paintRows(g, scene);
}

/** Seats that differ from the crowd: yours, the one being asked for, those that changed a moment ago. */
function paintSingle(g: CanvasRenderingContext2D, scene: Scene, seat: SeatIndex, round: boolean) {
  const { camera, house, palette } = scene;
  const { scale } = camera;
  const { x, y } = camera.toScreen(house.xs[seat] ?? 0, house.ys[seat] ?? 0);
  const colour = palette.tiers[house.tierOf[seat] ?? 0] ?? palette.faint;
  const look = scene.look(seat);
  const path = new Path2D();
  g.globalAlpha = scene.fade(seat);
  if (look === 'yours') {
    g.shadowColor = palette.glow;
    g.shadowBlur = scale;
    seatShape(path, x, y, scale * 1.16, round);
    g.fillStyle = palette.accent;
    g.fill(path);
    g.shadowBlur = 0;
    tick(g, x, y, scale, palette.onAccent);
  } else if (look === 'pending') {
    seatShape(path, x, y, scale, round);
    g.globalAlpha = 0.45;
    g.fillStyle = colour;
    g.fill(path);
    g.globalAlpha = 1;
    g.strokeStyle = palette.accent;
    g.lineWidth = Math.max(1.5, scale * 0.1);
    g.stroke(path);
  } else if (look === 'available') {
    seatShape(path, x, y, scale, round);
    g.fillStyle = colour;
    g.fill(path);
  } else if (look === 'held') {
    hollow(path, x, y, scale, round);
    g.strokeStyle = colour;
    g.lineWidth = Math.max(1, scale * 0.09);
    g.stroke(path);
  } else {
    dot(path, x, y, scale);
    g.fillStyle = palette.gone;
    g.fill(path);
  }
  g.globalAlpha = 1;
}

function paintNumbers(g: CanvasRenderingContext2D, { camera, house, palette }: Scene, seats: readonly SeatIndex[]) {
  g.fillStyle = palette.onTier;
  g.font = `600 ${Math.round(camera.scale * 0.36)}px "Inter Variable", sans-serif`;
  for (const index of seats) {
    const seat = house.seat(index);
    if (!seat) continue;
    const { x, y } = camera.toScreen(seat.x, seat.y);
    g.fillText(seat.attributes?.includes('wheelchair') ? '♿\uFE0E' : seat.label, x, y + 1);
  }
}

function ring(
  g: CanvasRenderingContext2D,
  { camera, house, palette }: Scene,
  seat: SeatIndex,
  dashed: boolean,
  width = 1.6
) {
  const { x, y } = camera.toScreen(house.xs[seat] ?? 0, house.ys[seat] ?? 0);
  const size = Math.max(9, camera.scale * 1.16);
  g.strokeStyle = palette.accent;
  g.lineWidth = width;
  g.setLineDash(dashed ? [3, 3] : []);
  g.beginPath();
  g.roundRect(x - size / 2, y - size / 2, size, size, size * 0.36);
  g.stroke();
  g.setLineDash([]);
}

function paintRows(g: CanvasRenderingContext2D, { camera, house, palette }: Scene) {
  g.fillStyle = palette.faint;
  g.font = `500 ${Math.min(13, Math.max(9, camera.scale * 0.55))}px "Inter Variable", sans-serif`;
  for (const row of house.plan.rows) {
    const { x, y } = camera.toScreen(house.xs[row.first] ?? 0, house.ys[row.first] ?? 0);
    if (x < -40 || y < 0 || x > camera.width || y > camera.height) continue;
    g.fillText(row.label, x - camera.scale * 1.1, y);
  }
}

function paintNames(g: CanvasRenderingContext2D, { camera, house, palette }: Scene) {
  for (const block of house.blocks) {
    const front = block.rows[0];
    if (!front || house.blocks.length > 24) continue;
    const middle = front.first + Math.floor(front.count / 2);
    const { x, y } = camera.toScreen(house.xs[middle] ?? 0, house.ys[middle] ?? 0);
    label(g, palette, block.name, x, y - camera.scale * 0.5 - 12, TITLE_FONT, palette.soft);
  }
}
