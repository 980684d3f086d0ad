import type { Camera } from './camera.ts';
import type { Block } from './house.ts';
import type { Scene } from './paint.ts';
import type { Palette } from './palette.ts';

function trace(g: CanvasRenderingContext2D, camera: Camera, outline: readonly [number, number][]) {
  g.beginPath();
  outline.forEach(([x, y], n) => {
    const at = camera.toScreen(x, y);
    if (n === 0) g.moveTo(at.x, at.y);
    else g.lineTo(at.x, at.y);
  });
}

export function paintStage(g: CanvasRenderingContext2D, { house, camera, palette }: Scene) {
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
export function paintBlock(g: CanvasRenderingContext2D, scene: Scene, block: Block, n: number) {
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

export function paintNames(g: CanvasRenderingContext2D, { camera, house, palette }: Scene) {
  for (const block of house.blocks) {
    const front = block.rows[0];
    if (!front || house.blocks.length > 24) continue;
    const middle = front.first + Math.floor(front.count / 2);
    const { x, y } = camera.toScreen(house.xs[middle] ?? 0, house.ys[middle] ?? 0);
    label(g, palette, block.name, x, y - Math.max(9, camera.scale * 1.5), TITLE_FONT, palette.soft);
  }
}
