import type { Sheet } from './paint-floor.ts';

/**
 * Seats from far away are written as pixels: 15,000 of them take a few milliseconds where so many shapes would take
 * tens, and nothing is lost at that size.
 */
let canvas: HTMLCanvasElement | null = null;
const colours = new Map<string, number>();

/** A colour of the palette as a pixel. */
function pixel(colour: string): number {
  const known = colours.get(colour);
  if (known !== undefined) return known;
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  const made = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  colours.set(colour, made);
  return made;
}

export function paintFarSeats(g: CanvasRenderingContext2D, sheet: Sheet) {
  const { floor, camera, palette, density, selection, which } = sheet;
  const [width, height] = [g.canvas.width, g.canvas.height];
  if (floor.count === 0 || width === 0 || height === 0) return;
  canvas ??= document.createElement('canvas');
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const sheetOf = canvas.getContext('2d');
  if (!sheetOf) return;
  const image = sheetOf.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const size = Math.max(1, Math.round(camera.scale * density * 0.72));
  const tiers = [palette.faint, ...palette.tiers].map(pixel);
  const accent = pixel(palette.accent);
  const any = selection.seats.size > 0;
  const scale = camera.scale * density;
  const [left, top] = [
    (camera.width / 2) * density - camera.x * scale,
    (camera.height / 2) * density - camera.y * scale
  ];
  const { xs, ys, ids } = floor;
  for (let n = 0; n < floor.count; n++) {
    const x = Math.round((xs[n] ?? 0) * scale + left - size / 2);
    const y = Math.round((ys[n] ?? 0) * scale + top - size / 2);
    if (x < 0 || y < 0 || x + size > width || y + size > height) continue;
    const selected = any && selection.seats.has(ids[n] ?? '');
    if (which !== 'all' && (which === 'moving') !== selected) continue;
    const colour = selected ? accent : (tiers[floor.tiers[n] ?? 0] ?? 0);
    for (let row = y; row < y + size; row++) pixels.fill(colour, row * width + x, row * width + x + size);
  }
  sheetOf.putImageData(image, 0, 0);
  g.drawImage(canvas, 0, 0, camera.width, camera.height);
}
