import type { SeatIndex } from '#domain/seat-map.ts';
import type { House } from './house.ts';
import type { SeatGrid } from './seat-grid.ts';

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;
export type Arrow = keyof typeof ARROWS;
export const isArrow = (key: string): key is Arrow => key in ARROWS;

/** To the ends of the row, and to the sections before and after. */
const LEAPS = ['Home', 'End', 'PageUp', 'PageDown'] as const;
export type Leap = (typeof LEAPS)[number];
export const isLeap = (key: string): key is Leap => LEAPS.some((leap) => leap === key);

/** How much worse a step to the side is than one ahead. */
const SIDEWAYS = 2.5;
const REACHES = [4, 12, 40, 400];

/** The seat the eye would go to from here: the nearest one ahead, in a cone of 45° on both sides. */
export function nextSeat(house: House, grid: SeatGrid, from: SeatIndex, arrow: Arrow): SeatIndex | null {
  const [dx, dy] = ARROWS[arrow];
  const [x, y] = [house.xs[from] ?? 0, house.ys[from] ?? 0];
  for (const reach of REACHES) {
    let best: SeatIndex | null = null;
    let least = Infinity;
    grid.within(x - reach, y - reach, x + reach, y + reach, (seat) => {
      const [sx, sy] = [(house.xs[seat] ?? 0) - x, (house.ys[seat] ?? 0) - y];
      const ahead = sx * dx + sy * dy;
      const aside = Math.abs(sx * dy) + Math.abs(sy * dx);
      if (seat === from || ahead < 0.2 || aside > ahead || ahead > reach) return;
      const cost = ahead + SIDEWAYS * aside;
      if (cost < least) [best, least] = [seat, cost];
    });
    if (best !== null) return best;
  }
  return null;
}

/** The first or last seat of this row; the middle of the first row of another section, in the order of the plan. */
export function leapTo(house: House, from: SeatIndex, leap: Leap): SeatIndex | null {
  const row = house.row(from);
  if (!row) return null;
  if (leap === 'Home') return row.first;
  if (leap === 'End') return row.first + row.count - 1;
  const seated = house.blocks.filter(({ rows }) => rows.length > 0);
  const here = seated.findIndex(({ id }) => id === row.section);
  const front = seated[here + (leap === 'PageDown' ? 1 : -1)]?.rows[0];
  return front ? front.first + Math.floor(front.count / 2) : null;
}
