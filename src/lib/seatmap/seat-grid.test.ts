import { expect, test } from 'vitest';
import fc from 'fast-check';
import { SeatGrid } from './seat-grid.ts';

const coordinate = fc.double({ min: 0, max: 60, noNaN: true });
const places = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 80 });

function gridOf(points: readonly (readonly [number, number])[]) {
  const [xs, ys] = [Float32Array.from(points, ([x]) => x), Float32Array.from(points, ([, y]) => y)];
  return { grid: new SeatGrid(xs, ys, { width: 60, height: 60 }), xs, ys };
}

test('the seat under a point is the nearest one, as if all had been asked', () => {
  fc.assert(
    fc.property(
      places,
      coordinate,
      coordinate,
      fc.double({ min: 0.1, max: 20, noNaN: true }),
      (points, x, y, reach) => {
        const { grid, xs, ys } = gridOf(points);
        const distances = points.map((_, n) => Math.hypot((xs[n] ?? 0) - x, (ys[n] ?? 0) - y));
        const least = Math.min(...distances);
        const found = grid.nearest(x, y, reach);
        expect(found === null ? Infinity : distances[found]).toBe(least <= reach ? least : Infinity);
      }
    )
  );
});

test('every seat of a rectangle is visited, and none twice', () => {
  fc.assert(
    fc.property(places, coordinate, coordinate, coordinate, coordinate, (points, x1, y1, x2, y2) => {
      const { grid, xs, ys } = gridOf(points);
      const [left, right, top, bottom] = [Math.min(x1, x2), Math.max(x1, x2), Math.min(y1, y2), Math.max(y1, y2)];
      const visited: number[] = [];
      grid.within(left, top, right, bottom, (seat) => visited.push(seat));
      expect(new Set(visited).size).toBe(visited.length);
      const inside = points
        .map((_, n) => n)
        .filter((n) => (xs[n] ?? 0) >= left && (xs[n] ?? 0) <= right && (ys[n] ?? 0) >= top && (ys[n] ?? 0) <= bottom);
      for (const seat of inside) expect(visited).toContain(seat);
    })
  );
});

test('places of standing areas are nowhere', () => {
  const { grid } = gridOf([
    [3, 3],
    [NaN, NaN],
    [5, 5]
  ]);
  expect([...grid.seats]).toEqual([0, 2]);
});

test('all of it is asked for in one part, before and after the cells are laid out; a part of it in several', () => {
  const { grid } = gridOf([
    [50, 50],
    [NaN, NaN],
    [5, 5],
    [58, 5]
  ]);
  const seen = (...[left, top, right, bottom]: [number, number, number, number]) => {
    const found: (number | 'all')[] = [];
    grid.spans(left, top, right, bottom, (seats, start, end) => {
      found.push(...(seats === null ? (['all', end - start] as const) : seats.slice(start, end)));
    });
    return found;
  };
  expect(seen(-1, -1, 60, 60)).toEqual(['all', 4]);
  expect(seen(-1, -1, 60, 59)).toEqual([2, 3, 0]);
  expect(seen(-1, -1, 60, 60)).toEqual([2, 3, 0]);
});
