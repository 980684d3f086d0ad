import * as m from '#domain/messages/compiled/editor.js';
import type { DraftTable, PlanDraft } from '#domain/plan-draft/draft.ts';
import { radians, turn, type Point } from './geometry.ts';
import { freshId } from './ids.ts';
import { prepared, seatAt, type Into, type Made } from './parts.ts';
import { select } from './selection.ts';
import { mapSome, rounded } from './sharing.ts';

export interface TableWish {
  shape: DraftTable['shape'];
  seats: number;
  /** The distance of neighbours. */
  spacing: number;
}
export const MOST_AT_TABLE = 60;
/** From the edge of a table to the middle of a seat. */
const OFF = 0.75;

/** How large the table must be for so many to sit at it. */
export function tableSize({ shape, seats, spacing }: TableWish): { width: number; height: number } {
  if (shape === 'round') {
    const around = seats < 3 ? 0.6 : spacing / (2 * Math.sin(Math.PI / seats)) - OFF;
    const width = rounded(2 * Math.max(0.6, around));
    return { width, height: width };
  }
  const side = Math.ceil(seats / 4);
  const width = rounded(Math.max(1, side * spacing));
  return { width, height: width };
}

/** Where the seats stand around a table: clockwise, beginning at its top. */
export function seatsAround(table: Omit<DraftTable, 'id' | 'label'>, count: number): Point[] {
  const { width, height } = table;
  const turned = (point: Point) => turn(point, table, radians(table.rotation));
  if (table.shape === 'round') {
    return Array.from({ length: count }, (_, n) => {
      const angle = (n / count) * 2 * Math.PI;
      const [a, b] = [width / 2 + OFF, height / 2 + OFF];
      return turned({ x: table.x + a * Math.sin(angle), y: table.y - b * Math.cos(angle) });
    });
  }
  // Each side gets its share, the larger shares first.
  const [a, b] = [width / 2 + OFF, height / 2 + OFF];
  const shares = [0, 2, 1, 3].map((side, n) => ({ side, seats: Math.floor((count + 3 - n) / 4) }));
  return shares
    .toSorted((one, other) => one.side - other.side)
    .flatMap(({ side, seats }) =>
      Array.from({ length: seats }, (_, n) => {
        const part = (n + 0.5) / seats - 0.5;
        const places = [
          { x: part * width, y: -b },
          { x: a, y: part * height },
          { x: -part * width, y: b },
          { x: -a, y: -part * height }
        ];
        const { x, y } = places[side] ?? { x: 0, y: 0 };
        return turned({ x: table.x + x, y: table.y + y });
      })
    );
}

function freeTableName(draft: PlanDraft): string {
  const taken = new Set(draft.tables.map(({ label }) => label));
  let n = 1;
  while (taken.has(m.table_n({ n }))) n++;
  return m.table_n({ n });
}

export function addTable(draft: PlanDraft, at: Point, wish: TableWish, into: Into = {}): Made {
  const ready = prepared(draft, into);
  const count = Math.min(MOST_AT_TABLE, Math.max(0, wish.seats));
  const table: DraftTable = {
    ...{ id: freshId(), label: freeTableName(draft), shape: wish.shape, rotation: 0 },
    ...{ x: rounded(at.x), y: rounded(at.y), ...tableSize(wish) }
  };
  const seats = seatsAround(table, count).map((point, n) => seatAt(point, String(n + 1), ready.tier));
  const row = { id: freshId(), section: ready.section, label: table.label, table: table.id, seats };
  return {
    draft: {
      ...ready.draft,
      tables: [...ready.draft.tables, table],
      rows: count > 0 ? [...ready.draft.rows, row] : ready.draft.rows
    },
    made: select({ tables: [table.id], seats: seats.map(({ id }) => id) })
  };
}

/** Another name, size or direction. The name is also that of the row around it; the seats are set around it anew. */
export function changeTable(draft: PlanDraft, id: string, change: Partial<Omit<DraftTable, 'id'>>): PlanDraft {
  let now: DraftTable | null = null;
  const tables = mapSome(draft.tables, (table) => {
    if (table.id !== id) return table;
    now = { ...table, ...change };
    return now;
  });
  const table = tables.find((one) => one.id === id);
  if (!now || !table) return draft;
  const renamed = change.label !== undefined && Object.keys(change).length === 1;
  const rows = mapSome(draft.rows, (row) => {
    if (row.table !== id) return row;
    if (renamed) return { ...row, label: table.label };
    const places = seatsAround(table, row.seats.length);
    const seats = row.seats.map((seat, n) => {
      const { x, y } = places[n] ?? seat;
      return { ...seat, x: rounded(x), y: rounded(y) };
    });
    return { ...row, label: table.label, seats };
  });
  return { ...draft, tables, rows };
}
