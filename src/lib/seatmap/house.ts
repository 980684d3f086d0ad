import type { Plan, PlanRow, PlanSeat, SeatName } from '#domain/plan.ts';
import type { SeatIndex } from '#domain/seat-map.ts';

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

/** A seating plan laid out for drawing: flat arrays by seat index, so that 100,000 seats cost no objects. */
export class House {
  readonly plan: Plan;
  /** NaN for places of standing areas: they have no position. */
  readonly xs: Float32Array;
  readonly ys: Float32Array;
  readonly tierOf: Uint8Array;
  readonly blockOf: Uint16Array;
  readonly blocks: Block[];
  readonly #rowOf: Uint32Array;
  readonly #seatAt: (PlanSeat | undefined)[];
  #prices: Map<string, number>;

  constructor(plan: Plan, prices: readonly { tier: string; price: number }[]) {
    this.plan = plan;
    this.xs = new Float32Array(plan.capacity).fill(NaN);
    this.ys = new Float32Array(plan.capacity).fill(NaN);
    this.tierOf = new Uint8Array(plan.capacity);
    this.blockOf = new Uint16Array(plan.capacity);
    this.#rowOf = new Uint32Array(plan.capacity);
    this.#seatAt = new Array<PlanSeat | undefined>(plan.capacity);
    this.#prices = new Map(prices.map(({ tier, price }) => [tier, price]));
    const tierIndex = new Map(plan.tiers.map(({ id }, n) => [id, n]));
    for (const seat of plan.seats) {
      this.xs[seat.index] = seat.x;
      this.ys[seat.index] = seat.y;
      this.tierOf[seat.index] = tierIndex.get(seat.tier) ?? 0;
      this.#seatAt[seat.index] = seat;
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

  seat(index: SeatIndex): PlanSeat | undefined {
    return this.#seatAt[index];
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

  /** The same names as on tickets, made when asked for. */
  name(index: SeatIndex): SeatName {
    const block = this.block(index);
    const tier = this.tier(index)?.id ?? '';
    const seat = this.#seatAt[index];
    const row = seat && this.plan.rows[this.#rowOf[index] ?? 0];
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
