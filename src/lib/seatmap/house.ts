import type { Plan, PlanRow, SeatAttribute, SeatName } from '#domain/plan.ts';
import type { SeatIndex } from '#domain/seat-map.ts';

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

/**
 * A seating plan laid out for drawing: flat arrays by seat index. The plan's own seats are not kept: 100,000 objects are
 * 15 MB that nobody looks at.
 */
export class House {
  readonly plan: Omit<Plan, 'seats'>;
  /** NaN for places of standing areas: they have no position. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly tierOf: Uint8Array;
  readonly blockOf: Uint16Array;
  readonly blocks: Block[];
  readonly #rowOf: Uint32Array;
  /** What is written on seats, each word once, and which of them on this one; 0 where no seat stands. */
  readonly #labels = [''];
  readonly #labelOf: Uint32Array;
  readonly #attributes = new Map<SeatIndex, SeatAttribute[]>();
  #prices: Map<string, number>;

  constructor({ seats, ...plan }: Plan, prices: readonly { tier: string; price: number }[]) {
    this.plan = plan;
    this.xs = new Float32Array(plan.capacity).fill(NaN);
    this.ys = new Float32Array(plan.capacity).fill(NaN);
    this.tierOf = new Uint8Array(plan.capacity);
    this.blockOf = new Uint16Array(plan.capacity);
    this.#rowOf = new Uint32Array(plan.capacity);
    this.#labelOf = new Uint32Array(plan.capacity);
    this.#prices = new Map(prices.map(({ tier, price }) => [tier, price]));
    const tierIndex = new Map(plan.tiers.map(({ id }, n) => [id, n]));
    const labels = new Map<string, number>();
    for (const { index, x, y, tier, label, attributes } of seats) {
      this.xs[index] = x;
      this.ys[index] = y;
      this.tierOf[index] = tierIndex.get(tier) ?? 0;
      const known = labels.get(label);
      this.#labelOf[index] = known ?? this.#labels.push(label) - 1;
      if (known === undefined) labels.set(label, this.#labels.length - 1);
      if (attributes) this.#attributes.set(index, attributes);
    }
    this.blocks = [];
    for (const section of plan.sections) {
      const rows = plan.rows.filter((row) => row.section === section.id);
      const first = rows[0]?.first ?? 0;
      const outline = this.#around(rows);
      const size = rows.reduce((sum, { count }) => sum + count, 0);
      const tier = this.tierOf[first] ?? 0;
      this.blocks.push({ ...section, standing: false, rows, tier, size, first, outline, ...place(outline) });
    }
    for (const area of plan.areas) {
      const tier = tierIndex.get(area.tier) ?? 0;
      const { id, name, count: size, first, outline } = area;
      this.blocks.push({ id, name, standing: true, rows: [], tier, size, first, outline, ...place(outline) });
      this.tierOf.fill(tier, first, first + size);
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
