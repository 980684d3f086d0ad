import { describe, expect, test } from 'vitest';
import { seatMask, type Mask } from './seat-masks.ts';

/** Pixels covered, in all. */
const area = ({ alpha }: Mask) => alpha.reduce((sum, one) => sum + one, 0) / 255;

function middle({ dx, dy, alpha }: Mask): { x: number; y: number } {
  let [x, y, all] = [0, 0, 0];
  alpha.forEach((share, n) => {
    x += ((dx[n] ?? 0) + 0.5) * share;
    y += ((dy[n] ?? 0) + 0.5) * share;
    all += share;
  });
  return { x: x / all, y: y / all };
}

describe('a seat as pixels', () => {
  test.each([1.5, 2, 3, 5, 6.9])('a small one, %f pixels wide, covers as much as it measures', (width) => {
    expect(area(seatMask('filled', width, false, 0.5, 0.5))).toBeCloseTo((0.76 * width) ** 2, 0);
  });

  test.each([9, 16, 30, 60])('a large one, %f pixels wide, has round corners', (width) => {
    const share = area(seatMask('filled', width, true, 0.5, 0.5)) / (0.76 * width) ** 2;
    expect(share).toBeGreaterThan(0.86);
    expect(share).toBeLessThan(0.98);
  });

  test.each([2, 5, 12, 30])('%f pixels wide, it stands where it stands within a pixel', (width) => {
    for (const [fx, fy] of [
      [0.125, 0.125],
      [0.375, 0.875],
      [0.875, 0.5]
    ] as const) {
      const at = middle(seatMask('filled', width, false, fx, fy));
      expect(Math.abs(at.x - fx)).toBeLessThan(0.15);
      expect(Math.abs(at.y - fy)).toBeLessThan(0.15);
    }
  });

  test.each([4, 8, 20, 46])('the states can be told apart without colour, %f pixels wide', (width) => {
    const [filled, hollow, dot] = (['filled', 'hollow', 'dot'] as const).map((shape) =>
      area(seatMask(shape, width, width >= 7, 0.5, 0.5))
    );
    expect(hollow).toBeLessThan(0.8 * (filled ?? 0));
    expect(dot).toBeLessThan(0.6 * (hollow ?? 0));
  });

  test('a held seat is empty in the middle, an available one is not', () => {
    const covers = (mask: Mask) => mask.dx.some((dx, n) => dx === 0 && mask.dy[n] === 0);
    expect(covers(seatMask('hollow', 20, true, 0.5, 0.5))).toBe(false);
    expect(covers(seatMask('filled', 20, true, 0.5, 0.5))).toBe(true);
  });

  test('the reach holds every covered pixel', () => {
    for (const shape of ['filled', 'hollow', 'dot', 'cross'] as const) {
      const { dx, dy, reach } = seatMask(shape, 17, true, 0.1, 0.9);
      expect(Math.max(...dx.map(Math.abs), ...dy.map(Math.abs))).toBe(reach);
    }
  });
});
