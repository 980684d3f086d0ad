import type { PlanLayout } from '#domain/plan-layout.ts';
import type { PlanRow, SeatAttribute, SeatName } from '#domain/plan.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { SeatGrid } from './seat-grid.ts';

/** As a letter, not as a little picture with colours of its own. */
const WHEELCHAIR = '♿\uFE0E';

/** A section or a standing area: what is drawn as one piece from far away. */
export interface Block {
  id: string;
  name: string;
  standing: boolean;
  rows: PlanRow[];
  /** Index into the plan's tiers; that of its first seat. */
  tier: number;
  size: number;
  outline: [number, number][];
  box: { left: number; top: number; right: number; bottom: number };
  labelAt: { x: number; y: number };
  first: SeatIndex;
}

/** A seating plan laid out for drawing: flat arrays by seat index, and its sections as pieces. */
export class House {
  readonly plan: PlanLayout['plan'];
  /** NaN for places of standing areas: they have no position. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly tierOf: Uint8Array;
  readonly blockOf: Uint16Array;
  readonly blocks: Block[];
  readonly #rowOf: Uint32Array;
  readonly #labels: readonly string[];
  readonly #labelOf: Uint32Array;
  readonly #attributes: ReadonlyMap<SeatIndex, SeatAttribute[]>;
  /** The seats by where they are. */
  readonly grid: SeatGrid;
  #prices: Map<string, number>;

  constructor(layout: PlanLayout, prices: readonly { tier: string; price: number }[]) {
    const { plan } = layout;
    this.plan = plan;
    [this.xs, this.ys, this.tierOf] = [layout.xs, layout.ys, layout.tierOf];
    [this.#labels, this.#labelOf, this.#attributes] = [layout.labels, layout.labelOf, layout.attributes];
    this.grid = new SeatGrid(this.xs, this.ys, plan.size);
    this.blockOf = new Uint16Array(plan.capacity);
    this.#rowOf = new Uint32Array(plan.capacity);
    this.#prices = new Map(prices.map(({ tier, price }) => [tier, price]));
    this.blocks = [];
    const rowsOf = new Map<string, PlanRow[]>(plan.sections.map(({ id }) => [id, []]));
    for (const row of plan.rows) rowsOf.get(row.section)?.push(row);
    for (const section of plan.sections) {
      const rows = rowsOf.get(section.id) ?? [];
      const first = rows[0]?.first ?? 0;
      const outline = this.#around(rows);
      const size = rows.reduce((sum, { count }) => sum + count, 0);
      const tier = this.tierOf[first] ?? 0;
      this.blocks.push({ ...section, standing: false, rows, tier, size, first, outline, ...place(outline) });
    }
    for (const area of plan.areas) {
      const { id, name, count: size, first, outline } = area;
      const tier = this.tierOf[first] ?? 0;
      this.blocks.push({ id, name, standing: true, rows: [], tier, size, first, outline, ...place(outline) });
    }
    this.blocks.forEach((block, n) => {
      if (block.standing) this.blockOf.fill(n, block.first, block.first + block.size);
      for (const row of block.rows) this.blockOf.fill(n, row.first, row.first + row.count);
    });
    plan.rows.forEach((row, n) => this.#rowOf.fill(n, row.first, row.first + row.count));
  }

  block(seat: SeatIndex): Block | undefined {
    return this.blocks[this.blockOf[seat] ?? 0];
  }

  /** All that stand somewhere, made when asked for: seats are looked for by their names now and then. */
  *seats(): Generator<{ index: SeatIndex; label: string }> {
    for (const [index, label] of this.#labelOf.entries()) {
      if (label > 0) yield { index, label: this.#labels[label] ?? '' };
    }
  }

  /** None for a place of a standing area. */
  seat(index: SeatIndex): { label: string; attributes: readonly SeatAttribute[] } | undefined {
    const label = this.#labelOf[index];
    return label ? { label: this.#labels[label] ?? '', attributes: this.#attributes.get(index) ?? [] } : undefined;
  }

  /** None for a place of a standing area. */
  row(seat: SeatIndex): PlanRow | undefined {
    return this.#labelOf[seat] ? this.plan.rows[this.#rowOf[seat] ?? 0] : undefined;
  }

  tier(seat: SeatIndex) {
    return this.plan.tiers[this.tierOf[seat] ?? 0];
  }

  /** The show has other prices now. */
  reprice(prices: readonly { tier: string; price: number }[]) {
    this.#prices = new Map(prices.map(({ tier, price }) => [tier, price]));
  }

  /** Minor units. */
  price(seat: SeatIndex): number {
    return this.#prices.get(this.tier(seat)?.id ?? '') ?? 0;
  }

  /** What is written on it: its number, or the sign of a wheelchair. */
  mark(index: SeatIndex): string {
    if (this.#attributes.get(index)?.includes('wheelchair')) return WHEELCHAIR;
    return this.#labels[this.#labelOf[index] ?? 0] ?? '';
  }

  /** The same names as on tickets, made when asked for. */
  name(index: SeatIndex): SeatName {
    const block = this.block(index);
    const tier = this.tier(index)?.id ?? '';
    const seat = this.seat(index);
    const row = this.row(index);
    if (!seat || !row) return { label: `${block?.name ?? ''}, standing`, short: block?.name ?? '', tier };
    return {
      label: `${block?.name ?? ''}, row ${row.label}, seat ${seat.label}`,
      short: `${row.label}${seat.label}`,
      tier
    };
  }

  /** Around the section along its first row, down the row ends, back along its last: exact for curved rows too. */
  #around(rows: readonly PlanRow[]): [number, number][] {
    const at = (seat: SeatIndex): [number, number] => [this.xs[seat] ?? 0, this.ys[seat] ?? 0];
    const along = (row: PlanRow) => {
      const step = Math.max(1, Math.floor(row.count / 12));
      const points: [number, number][] = [];
      for (let n = 0; n < row.count - 1; n += step) points.push(at(row.first + n));
      points.push(at(row.first + row.count - 1));
      return points;
    };
    const [front, back] = [rows[0], rows.at(-1)];
    if (!front || !back) return [];
    const between = rows.slice(1, -1);
    return [
      ...along(front),
      ...between.map((row) => at(row.first + row.count - 1)),
      ...along(back).reverse(),
      ...between.map((row) => at(row.first)).reverse()
    ];
  }
}

function place(outline: readonly [number, number][]): Pick<Block, 'box' | 'labelAt'> {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  let [x, y] = [0, 0];
  for (const [px, py] of outline) {
    box.left = Math.min(box.left, px);
    box.right = Math.max(box.right, px);
    box.top = Math.min(box.top, py);
    box.bottom = Math.max(box.bottom, py);
    x += px / outline.length;
    y += py / outline.length;
  }
  return { box, labelAt: { x, y } };
}
