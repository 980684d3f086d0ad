import { nameSeats, type Plan } from '#domain/plan.ts';
import type { Findings } from './findings.ts';

/** A seat is drawn 0.76 wide: closer neighbours cover each other. */
const SEAT_WIDTH = 0.76;
const SAME_PLACE = 0.05;
/** Compared with so many in a cell: a file with all seats in one place must not take quadratic time. */
const PER_CELL = 6;

/** What is odd about a plan but may be meant: it is listed, and nothing is changed. */
export function reportOddities(plan: Plan, paths: ReadonlyMap<number, string>, found: Findings): void {
  const cells = new Map<number, { x: number; y: number }[]>();
  // A number a cell: texts as keys took most of the time.
  const cell = (x: number, y: number) => Math.floor(x / SEAT_WIDTH) * 4_000_037 + Math.floor(y / SEAT_WIDTH);
  for (const { index, x, y } of plan.seats) {
    let nearest = Infinity;
    for (const dx of [-SEAT_WIDTH, 0, SEAT_WIDTH]) {
      for (const dy of [-SEAT_WIDTH, 0, SEAT_WIDTH]) {
        for (const other of cells.get(cell(x + dx, y + dy)) ?? []) {
          nearest = Math.min(nearest, Math.hypot(other.x - x, other.y - y));
        }
      }
    }
    const path = paths.get(index) ?? '';
    if (nearest < SAME_PLACE) found.repair(path, 'stands in the same place as another seat', 'left as it is');
    else if (nearest < SEAT_WIDTH - 0.01) found.repair(path, 'overlaps another seat', 'left as it is');
    const own = cells.get(cell(x, y));
    if (!own) cells.set(cell(x, y), [{ x, y }]);
    else if (own.length < PER_CELL) own.push({ x, y });
  }
  const names = nameSeats(plan);
  const seen = new Set<string>();
  for (const { index } of plan.seats) {
    const label = names[index]?.label ?? '';
    if (seen.has(label)) {
      found.repair(paths.get(index) ?? '', 'has the same section, row and number as another seat', 'left as it is');
    }
    seen.add(label);
  }
}
