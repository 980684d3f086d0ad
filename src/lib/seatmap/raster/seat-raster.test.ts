import { expect, test } from 'vitest';
import { newSeatMap, setSeatState, SeatState } from '#domain/seat-map.ts';
import { SeatGrid } from '../seat-grid.ts';
import { scroll, SeatRaster, type Ink, type PixelView } from './seat-raster.ts';

const INK: Ink = { tiers: [0x1020f0, 0x20f010], gone: 0x333333, onTier: 0xffffff, blocked: null };

/** Rows of ten, two apart, every other row of the second tier. */
function hall(capacity: number) {
  const xs = Float32Array.from({ length: capacity }, (_, n) => 1 + 2 * (n % 10));
  const ys = Float32Array.from({ length: capacity }, (_, n) => 1 + 2 * Math.floor(n / 10));
  const tierOf = Uint8Array.from({ length: capacity }, (_, n) => Math.floor(n / 10) % 2);
  const grid = new SeatGrid(xs, ys, { width: 20, height: 2 * Math.ceil(capacity / 10) });
  return {
    ...{ xs, ys, grid },
    raster: new SeatRaster({ xs, ys, tierOf }, grid),
    map: newSeatMap(capacity),
    apart: new Uint8Array(capacity)
  };
}

function view(width: number, height: number, scale: number, x = 0, y = 0): PixelView {
  return { pixels: new Uint32Array(width * height), width, height, scale, x, y };
}

/** The colour in the middle of a seat of the hall, without its alpha. */
function colourAt(of: PixelView, seat: number): number {
  const x = Math.floor((1 + 2 * (seat % 10) - of.x) * of.scale);
  const y = Math.floor((1 + 2 * Math.floor(seat / 10) - of.y) * of.scale);
  return (of.pixels[y * of.width + x] ?? 0) & 0xffffff;
}

test('each seat has the colour of its tier, or of none when it is gone', () => {
  const { raster, map, apart } = hall(100);
  setSeatState(map, 14, SeatState.booked);
  const seen = view(200, 200, 10);
  expect(raster.all(seen, true, map, apart, INK)).toBe(100);
  expect(colourAt(seen, 3)).toBe(0x1020f0);
  expect(colourAt(seen, 13)).toBe(0x20f010);
  expect(colourAt(seen, 14)).toBe(0x333333);
});

test('only what is seen is drawn', () => {
  const { raster, map, apart } = hall(10_000);
  const drawn = raster.all(view(200, 200, 10, 0, 1000), true, map, apart, INK);
  expect(drawn).toBeGreaterThanOrEqual(100);
  expect(drawn).toBeLessThan(200);
});

test('the whole house looks the same before its cells are laid out, and places of standing areas are nowhere', () => {
  const { raster, map, apart, grid, xs, ys } = hall(1000);
  xs[500] = ys[500] = NaN;
  const [first, later] = [view(200, 800, 4), view(200, 800, 4)];
  expect(raster.all(first, false, map, apart, INK)).toBe(999);
  grid.layOut();
  expect(raster.all(later, false, map, apart, INK)).toBe(999);
  expect(later.pixels).toEqual(first.pixels);
});

test('seats that others draw, and blocked ones, are left out', () => {
  const { raster, map, apart } = hall(20);
  apart[4] = 1;
  setSeatState(map, 5, SeatState.blocked);
  const seen = view(200, 40, 10);
  expect(raster.all(seen, true, map, apart, INK)).toBe(18);
  expect(colourAt(seen, 4)).toBe(0);
  expect(colourAt(seen, 5)).toBe(0);
  expect(raster.all(seen, true, map, apart, { ...INK, blocked: 0x777777 })).toBe(19);
  expect(colourAt(seen, 5)).toBe(0x777777);
});

test('a seat at the edge of the picture does not come in again at the other side', () => {
  const { raster, map, apart } = hall(10);
  // Seat 9 stands at 19, where the picture ends; where it begins there is a gap.
  const seen = view(90, 20, 10, 10);
  raster.all(seen, true, map, apart, INK);
  const column = (x: number) => Array.from({ length: 20 }, (_, y) => seen.pixels[y * 90 + x] ?? 0).filter(Boolean);
  expect(column(89).length).toBeGreaterThan(3);
  expect(column(0)).toEqual([]);
});

test('a seat drawn over again leaves the picture as if it had been drawn anew', () => {
  const { raster, map, apart } = hall(100);
  const changed = view(180, 180, 8);
  raster.all(changed, true, map, apart, INK);
  setSeatState(map, 37, SeatState.held);
  raster.erase(changed, 37);
  raster.one(changed, true, 37, SeatState.held, INK);
  const anew = view(180, 180, 8);
  raster.all(anew, true, map, apart, INK);
  expect(changed.pixels).toEqual(anew.pixels);
});

test('a seat that fades in has a share of its colour only', () => {
  const { raster } = hall(10);
  const [half, full] = [view(200, 20, 10), view(200, 20, 10)];
  raster.one(half, true, 4, SeatState.available, INK, 0.5);
  raster.one(full, true, 4, SeatState.available, INK);
  const most = (of: PixelView) => Math.max(...of.pixels.map((pixel) => pixel >>> 24));
  expect(most(half)).toBeCloseTo(most(full) / 2, -1);
});

test('letters are mixed into the colour below them', () => {
  const { raster } = hall(10);
  const seen = view(200, 20, 10);
  raster.one(seen, true, 4, SeatState.available, INK);
  const letters = { dx: Int16Array.of(0), dy: Int16Array.of(0), alpha: Uint8Array.of(128), reach: 1 };
  raster.write(seen, 4, letters, 0xffffff);
  const mixed = colourAt(seen, 4);
  expect((mixed >>> 16) & 255).toBeCloseTo((0x10 + 255) / 2, -1);
  expect(mixed & 255).toBeGreaterThan(0xf0);
});

test('a picture that is moved by whole pixels is the one that would have been drawn there', () => {
  const { raster, map, apart } = hall(10_000);
  setSeatState(map, 555, SeatState.booked);
  for (const [right, down] of [
    [0, 0],
    [30, 0],
    [-17, 0],
    [0, 45],
    [0, -8],
    [25, -60],
    [-110, 140]
  ] as const) {
    const moved = view(160, 160, 8, 0, 100);
    raster.all(moved, true, map, apart, INK);
    [moved.x, moved.y] = [-right / 8, 100 - down / 8];
    for (const part of scroll(moved, right, down) ?? []) raster.all(moved, true, map, apart, INK, part);
    const anew = view(160, 160, 8, moved.x, moved.y);
    raster.all(anew, true, map, apart, INK);
    expect(Buffer.compare(Buffer.from(moved.pixels.buffer), Buffer.from(anew.pixels.buffer)), `${right} ${down}`).toBe(
      0
    );
  }
  expect(scroll(view(160, 160, 8), 160, 0)).toBeNull();
});
