import type { SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from './camera.ts';
import type { House } from './house.ts';
import type { SeatLook } from './live-show.svelte.ts';
import { paintBlock, paintNames, paintStage } from './paint-blocks.ts';
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
  /** Where seats are picked, blocked ones are seen too; null where seats are bought. */
  picked: ReadonlySet<SeatIndex> | null;
  /** The rectangle being drawn, in CSS pixels. */
  frame: { from: { x: number; y: number }; to: { x: number; y: number } } | null;
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
  if (scene.frame) paintFrame(g, scene.frame, scene.palette);
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
  const crosses = new Path2D();
  const last: SeatIndex[] = [];
  const texts: SeatIndex[] = [];
  scene.grid.within(from.x, from.y, to.x, to.y, (seat) => {
    const look = scene.look(seat);
    if (look === 'blocked') {
      if (scene.picked) cross(crosses, camera.toScreen(house.xs[seat] ?? 0, house.ys[seat] ?? 0), scale);
      return;
    }
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
  g.lineWidth = Math.max(1, scale * 0.12);
  g.strokeStyle = palette.faint;
  g.stroke(crosses);
  for (const seat of last) paintSingle(g, scene, seat, round);
  if (labelled) paintNumbers(g, scene, texts);
  for (const seat of scene.picked ?? []) ring(g, scene, seat, false, Math.max(2, scale * 0.14));
  for (const seat of scene.offered) ring(g, scene, seat, true);
  if (scene.hover !== null) ring(g, scene, scene.hover, false, 1.5);
  if (scene.focus !== null) ring(g, scene, scene.focus, false, 3);
  if (scale >= ROWS_FROM) paintRows(g, scene);
}

function cross(path: Path2D, { x, y }: { x: number; y: number }, scale: number) {
  const arm = Math.max(1, scale * 0.22);
  path.moveTo(x - arm, y - arm);
  path.lineTo(x + arm, y + arm);
  path.moveTo(x + arm, y - arm);
  path.lineTo(x - arm, y + arm);
}

function paintFrame(g: CanvasRenderingContext2D, { from, to }: NonNullable<Scene['frame']>, palette: Palette) {
  g.strokeStyle = palette.accent;
  g.lineWidth = 1.5;
  g.setLineDash([5, 4]);
  g.strokeRect(Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  g.setLineDash([]);
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
