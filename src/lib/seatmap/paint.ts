import type { SeatIndex } from '#domain/seat-map.ts';
import type { Camera } from './camera.ts';
import type { Detail } from './detail.ts';
import type { House } from './house.ts';
import type { SeatLook } from './live-show.svelte.ts';
import { paintBlocks, paintNames, paintPlates, paintRows, paintStage } from './paint-blocks.ts';
import type { Palette } from './palette.ts';
import type { Pulse } from './pulses.ts';
import { seatShape, tick } from './seat-shapes.ts';
import type { Words } from './words.ts';

/** What lies under and over the seats; the seats themselves are pixels (raster/). Lengths are CSS pixels. */
export interface Scene {
  house: House;
  camera: Camera;
  detail: Detail;
  palette: Palette;
  words: Words;
  /** Device pixels for each CSS pixel. */
  density: number;
  look: (seat: SeatIndex) => SeatLook;
  /** Of each block. */
  available: Uint32Array;
  mineIn: (block: number) => number;
  /** Seats of the buyer's own, and those being asked for. */
  apart: ReadonlySet<SeatIndex>;
  /** 0 … 1 while a seat's change fades in. */
  fade: (seat: SeatIndex) => number;
  /** People who look at each block, 0 where they are too few to tell of; `beat` 0 … 1 is how that swells and fades. */
  crowds: readonly number[];
  beat: number;
  focus: SeatIndex | null;
  hover: SeatIndex | null;
  offered: readonly SeatIndex[];
  picked: ReadonlySet<SeatIndex> | null;
  pulses: readonly Pulse[];
  /** The rectangle being drawn. */
  frame: { from: { x: number; y: number }; to: { x: number; y: number } } | null;
}

/** Behind what is on the canvas already. */
export function paintGround(g: CanvasRenderingContext2D, scene: Scene) {
  g.globalCompositeOperation = 'destination-over';
  paintBlocks(g, scene);
  g.globalCompositeOperation = 'source-over';
}

export function paintOver(g: CanvasRenderingContext2D, scene: Scene) {
  const { camera, detail } = scene;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  paintStage(g, scene);
  if (detail.seats) {
    for (const pulse of scene.pulses) paintPulse(g, scene, pulse);
    for (const seat of scene.apart) paintOwn(g, scene, seat);
    rings(g, scene, scene.picked ?? [], Math.max(2, camera.scale * 0.14));
    rings(g, scene, scene.offered, 1.6, [3, 3]);
    if (scene.hover !== null) rings(g, scene, [scene.hover], 1.5);
  }
  if (detail.rows) paintRows(g, scene);
  if (detail.names) paintNames(g, scene);
  paintPlates(g, scene);
  if (scene.focus !== null) rings(g, scene, [scene.focus], 3);
  if (scene.frame) paintFrame(g, scene.frame, scene.palette);
}

function paintFrame(g: CanvasRenderingContext2D, { from, to }: NonNullable<Scene['frame']>, palette: Palette) {
  g.strokeStyle = palette.accent;
  g.lineWidth = 1.5;
  g.setLineDash([5, 4]);
  g.strokeRect(Math.min(from.x, to.x), Math.min(from.y, to.y), Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  g.setLineDash([]);
}

/** A ring that leaves the seat and is gone. */
function paintPulse(g: CanvasRenderingContext2D, { camera, house, palette }: Scene, { seat, share }: Pulse) {
  const { x, y } = camera.toScreen(house.xs[seat] ?? NaN, house.ys[seat] ?? NaN);
  const size = camera.scale * (0.8 + 0.7 * share);
  if (!(x > -size && y > -size && x < camera.width + size && y < camera.height + size)) return;
  g.globalAlpha = 0.8 * (1 - share) ** 2;
  g.strokeStyle = palette.tiers[house.tierOf[seat] ?? 0] ?? palette.faint;
  g.lineWidth = Math.max(1.5, camera.scale * 0.09);
  g.beginPath();
  g.roundRect(x - size / 2, y - size / 2, size, size, size * 0.36);
  g.stroke();
  g.globalAlpha = 1;
}

/** A seat of the buyer's own, or one that is being asked for. */
function paintOwn(g: CanvasRenderingContext2D, scene: Scene, seat: SeatIndex) {
  const { camera, house, palette, detail } = scene;
  const { scale } = camera;
  const { x, y } = camera.toScreen(house.xs[seat] ?? NaN, house.ys[seat] ?? NaN);
  if (!(x > -scale && y > -scale && x < camera.width + scale && y < camera.height + scale)) return;
  const path = new Path2D();
  // From far away it is larger than it is: yours can always be found.
  const size = Math.max(7, scale);
  g.globalAlpha = Math.max(0.1, scene.fade(seat));
  if (scene.look(seat) === 'yours') {
    g.shadowColor = palette.glow;
    g.shadowBlur = size;
    seatShape(path, x, y, size * 1.16, detail.round);
    g.fillStyle = palette.accent;
    g.fill(path);
    g.shadowBlur = 0;
    tick(g, x, y, size, palette.onAccent);
  } else {
    seatShape(path, x, y, size, detail.round);
    g.globalAlpha = 0.45;
    g.fillStyle = palette.tiers[house.tierOf[seat] ?? 0] ?? palette.faint;
    g.fill(path);
    g.globalAlpha = 1;
    g.strokeStyle = palette.accent;
    g.lineWidth = Math.max(1.5, size * 0.1);
    g.stroke(path);
  }
  g.globalAlpha = 1;
}

function rings(
  g: CanvasRenderingContext2D,
  { camera, house, palette }: Scene,
  seats: Iterable<SeatIndex>,
  width: number,
  dashes: number[] = []
) {
  const size = Math.max(9, camera.scale * 1.16);
  g.beginPath();
  for (const seat of seats) {
    const { x, y } = camera.toScreen(house.xs[seat] ?? NaN, house.ys[seat] ?? NaN);
    if (!(x > -size && y > -size && x < camera.width + size && y < camera.height + size)) continue;
    g.roundRect(x - size / 2, y - size / 2, size, size, size * 0.36);
  }
  g.strokeStyle = palette.accent;
  g.lineWidth = width;
  g.setLineDash(dashes);
  g.stroke();
  g.setLineDash([]);
}
