import type { Camera } from './camera.ts';
import type { Block } from './house.ts';
import { LabelRoom, widthOf } from './label-room.ts';
import type { Scene } from './paint.ts';
import { plateWords } from './plate-words.ts';

type Pen = CanvasRenderingContext2D;

const titleFont = (size: number) => `500 ${size}px "Fraunces Variable", serif`;
const textFont = (size: number) => `600 ${size}px "Inter Variable", sans-serif`;
/** A title smaller than this (px) is left out. */
const LEAST_TITLE = 9;
/** A name needs no more room (units) before its section. */
const NAME_NEEDS = 6;
/** A section narrower than this (px) has no room for its name. */
const NAMED_FROM = 26;
/** … and than this for what is left in it. */
const COUNTED_FROM = 92;

function trace(g: Pen, camera: Camera, outline: readonly [number, number][]) {
  g.beginPath();
  outline.forEach(([x, y], n) => {
    const at = camera.toScreen(x, y);
    if (n === 0) g.moveTo(at.x, at.y);
    else g.lineTo(at.x, at.y);
  });
}

function onScreen(camera: Camera, { box }: Block): { left: number; width: number } | null {
  const [a, b] = [camera.toScreen(box.left, box.top), camera.toScreen(box.right, box.bottom)];
  if (b.x < 0 || b.y < 0 || a.x > camera.width || a.y > camera.height) return null;
  return { left: a.x, width: b.x - a.x };
}

export function paintStage(g: Pen, { house, camera, palette }: Scene) {
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

/** Standing areas, and sections whose seats are too small to be seen: brighter the more is available. */
export function paintBlocks(g: Pen, scene: Scene) {
  const { camera, palette, detail } = scene;
  for (const [n, block] of scene.house.blocks.entries()) {
    const mine = detail.plates || block.standing ? scene.mineIn(n) : 0;
    const whole = block.standing || !detail.seats;
    if ((!whole && mine === 0) || !onScreen(camera, block)) continue;
    trace(g, camera, block.outline);
    g.closePath();
    if (whole) paintShare(g, scene, block, scene.available[n] ?? 0);
    if (mine === 0) continue;
    g.strokeStyle = palette.accent;
    g.lineWidth = 3;
    g.stroke();
  }
}

function paintShare(g: Pen, { palette }: Scene, block: Block, left: number) {
  const share = block.size > 0 ? left / block.size : 0;
  const colour = left === 0 ? palette.gone : (palette.tiers[block.tier] ?? palette.faint);
  g.globalAlpha = left === 0 ? 0.12 : 0.2 + 0.5 * share;
  g.fillStyle = colour;
  g.fill();
  g.globalAlpha = left === 0 ? 0.4 : 0.9;
  g.strokeStyle = colour;
  g.lineWidth = 1;
  g.stroke();
  g.globalAlpha = 1;
}

/** What each section and standing area is called, and how many are left there, where there is room for it. */
export function paintPlates(g: Pen, scene: Scene) {
  const { camera, detail } = scene;
  const room = new LabelRoom();
  for (const [n, block] of scene.house.blocks.entries()) {
    const place = block.standing || detail.plates ? onScreen(camera, block) : null;
    if (!place || place.width < NAMED_FROM) continue;
    const at = camera.toScreen(block.labelAt.x, block.labelAt.y);
    const [left, mine, crowd] = [scene.available[n] ?? 0, scene.mineIn(n), scene.crowds[n] ?? 0];
    if (crowd > 0) paintCrowd(g, scene, block);
    const words = plateWords(block, left, mine, crowd);
    const wide = Math.max(widthOf(block.name, 13), widthOf(words, 11));
    if (place.width >= COUNTED_FROM && room.take(at.x, at.y, wide, 36)) {
      write(g, scene, block.name, at.x, at.y - 8, textFont(13));
      const how = { font: textFont(11), ink: scene.palette.ink, edge: scene.palette.stage };
      scene.words.count(g, scene.density, block.id, words, at.x, at.y + 9, how);
      continue;
    }
    const short = block.name.split(' ').at(-1) ?? block.name;
    const size = place.width < 60 ? 10 : 13;
    if (room.take(at.x, at.y, widthOf(short, size), size + 5)) write(g, scene, short, at.x, at.y, textFont(size));
  }
}

/** Many look at this one: an edge that swells and fades. */
function paintCrowd(g: Pen, { camera, palette, beat }: Scene, block: Block) {
  trace(g, camera, block.outline);
  g.closePath();
  g.globalAlpha = 0.25 + 0.45 * beat;
  g.strokeStyle = palette.accent;
  g.lineWidth = 1.5 + 1.5 * beat;
  g.stroke();
  g.globalAlpha = 1;
}

function write(g: Pen, { words, palette, density }: Scene, text: string, x: number, y: number, font: string) {
  words.write(g, density, text, x, y, { font, ink: palette.ink, edge: palette.stage });
}

/** The section's name before the middle of its first row, on the side where it has no seats. */
export function paintNames(g: Pen, scene: Scene) {
  const { camera, house, palette, words, density } = scene;
  for (const block of house.blocks) {
    const front = block.rows[0];
    if (!front || !onScreen(camera, block)) continue;
    const middle = front.first + Math.floor(front.count / 2);
    const [frontX, frontY] = [house.xs[middle] ?? 0, house.ys[middle] ?? 0];
    const { x, y } = camera.toScreen(frontX, frontY);
    const [outX, outY] = [frontX - block.labelAt.x, frontY - block.labelAt.y];
    const far = Math.max(0.001, Math.hypot(outX, outY));
    const free = freeBefore(house, frontX, frontY, outX / far, outY / far) * camera.scale;
    const size = Math.min(14, Math.floor(free - 6));
    if (size < LEAST_TITLE) continue;
    // In the middle of a gap that is narrow, so that it touches neither side.
    const away = Math.min(Math.max(12, camera.scale * 1.5), (camera.scale + free) / 2) / far;
    const how = { font: titleFont(size), ink: palette.soft, edge: palette.stage };
    // Beside a section its name needs more room than before it.
    words.write(g, density, block.name, x + outX * away * 2.5, y + outY * away, how);
  }
}

/** How much room (units) there is between the front row and a standing area before it, as far as a name needs any. */
function freeBefore({ blocks }: Scene['house'], x: number, y: number, dx: number, dy: number): number {
  const areas = blocks.filter(({ standing }) => standing);
  for (let far = 0.5; far < NAME_NEEDS; far += 0.25) {
    const [px, py] = [x + dx * far, y + dy * far];
    const met = areas.some(({ box }) => px > box.left && px < box.right && py > box.top && py < box.bottom);
    if (met) return far - 0.5;
  }
  return Infinity;
}

export function paintRows(g: Pen, { camera, house, palette, words, density }: Scene) {
  const size = Math.round(Math.min(13, Math.max(9, camera.scale * 0.55)));
  const how = { font: `500 ${size}px "Inter Variable", sans-serif`, ink: palette.faint, edge: palette.stage };
  for (const row of house.plan.rows) {
    const { x, y } = camera.toScreen(house.xs[row.first] ?? 0, house.ys[row.first] ?? 0);
    if (x < -40 || y < 0 || x > camera.width + 40 || y > camera.height) continue;
    words.write(g, density, row.label, x - camera.scale * 1.1, y, how);
  }
}
