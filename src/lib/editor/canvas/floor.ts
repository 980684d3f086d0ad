import Flatbush from 'flatbush';
import type { DraftRow, PlanDraft } from '#domain/plan-draft/draft.ts';
import { boxOf, inside, radians, turn, type Box, type Point } from '../document/geometry.ts';
import { nothing, ofTable, select, type Selection } from '../document/selection.ts';

/** A draft as the canvas needs it: flat lists, and an index of what stands where. Made anew for each draft. */
export class Floor {
  readonly draft: PlanDraft;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** The ordinal of the seat's tier, which is its colour; 0 for none. */
  readonly tiers: Uint8Array;
  readonly ids: string[] = [];
  readonly rowOf: Uint32Array;
  readonly box: Box | null;
  #index: Flatbush | null = null;

  constructor(draft: PlanDraft) {
    this.draft = draft;
    const count = draft.rows.reduce((sum, { seats }) => sum + seats.length, 0);
    this.xs = new Float64Array(count);
    this.ys = new Float64Array(count);
    this.tiers = new Uint8Array(count);
    this.rowOf = new Uint32Array(count);
    const ordinals = new Map(draft.tiers.map(({ id, ordinal }) => [id, ordinal]));
    let n = 0;
    draft.rows.forEach(({ seats }, row) => {
      for (const { id, x, y, tier } of seats) {
        this.xs[n] = x;
        this.ys[n] = y;
        this.tiers[n] = ordinals.get(tier) ?? 0;
        this.rowOf[n] = row;
        this.ids.push(id);
        n++;
      }
    });
    this.box = boxOf(this.#points());
  }

  *#points(): Generator<Point> {
    const { tables, areas, stage, background } = this.draft;
    for (let n = 0; n < this.xs.length; n++) yield { x: this.xs[n] ?? 0, y: this.ys[n] ?? 0 };
    for (const { x, y, width, height } of tables) {
      yield { x: x - width / 2, y: y - height / 2 };
      yield { x: x + width / 2, y: y + height / 2 };
    }
    for (const { outline } of [...areas, stage]) for (const [x, y] of outline) yield { x, y };
    if (background) {
      yield background;
      yield { x: background.x + background.width, y: background.y + background.height };
    }
  }

  get count() {
    return this.xs.length;
  }

  rowAt(seat: number): DraftRow | undefined {
    return this.draft.rows[this.rowOf[seat] ?? -1];
  }

  get #seats(): Flatbush | null {
    if (this.count === 0) return null;
    if (!this.#index) {
      this.#index = new Flatbush(this.count);
      for (let n = 0; n < this.count; n++) this.#index.add(this.xs[n] ?? 0, this.ys[n] ?? 0);
      this.#index.finish();
    }
    return this.#index;
  }

  /** The seats in the rectangle, by their places in these lists. */
  within({ left, top, right, bottom }: Box): number[] {
    return this.#seats?.search(left, top, right, bottom) ?? [];
  }

  nearest({ x, y }: Point, reach: number): number | null {
    return this.#seats?.neighbors(x, y, 1, reach)[0] ?? null;
  }

  /** What is under the pointer: a seat, else a table with its seats, a standing area or the stage. */
  hit(point: Point, reach: number): Selection {
    const seat = this.nearest(point, reach);
    if (seat !== null) return select({ seats: [this.ids[seat] ?? ''] });
    const { tables, areas, stage } = this.draft;
    const table = tables.findLast((one) => {
      const { x, y } = turn(point, one, -radians(one.rotation));
      return Math.abs(x - one.x) <= one.width / 2 + 0.1 && Math.abs(y - one.y) <= one.height / 2 + 0.1;
    });
    if (table) return ofTable(this.draft, table.id);
    const area = areas.findLast(({ outline }) => inside(point, outline));
    if (area) return select({ areas: [area.id] });
    const onStage = inside(point, stage.outline) || near(point, stage.outline, reach);
    return onStage ? { ...nothing, stage: true } : nothing;
  }

  /** All that stands in the rectangle or in the drawn loop. Areas and the stage must be in it as a whole. */
  enclosed(outline: readonly [number, number][]): Selection {
    const box = boxOf(outline.map(([x, y]) => ({ x, y })));
    if (!box) return nothing;
    const held = (point: Point) => inside(point, outline);
    const { tables, areas, stage } = this.draft;
    const whole = (points: readonly [number, number][]) =>
      points.length > 0 && points.every(([x, y]) => held({ x, y }));
    return select(
      {
        seats: this.within(box).flatMap((n) =>
          held({ x: this.xs[n] ?? 0, y: this.ys[n] ?? 0 }) ? [this.ids[n] ?? ''] : []
        ),
        tables: tables.flatMap((table) => (held(table) ? [table.id] : [])),
        areas: areas.flatMap((area) => (whole(area.outline) ? [area.id] : []))
      },
      whole(stage.outline)
    );
  }
}

/** Whether the point is near the line: the edge of a bowed stage has no inside to click. */
function near(point: Point, outline: readonly [number, number][], reach: number): boolean {
  return outline.slice(1).some(([bx, by], n) => {
    const [ax, ay] = outline[n] ?? [bx, by];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const part = length === 0 ? 0 : ((point.x - ax) * (bx - ax) + (point.y - ay) * (by - ay)) / length;
    const at = Math.min(1, Math.max(0, part));
    return Math.hypot(point.x - ax - at * (bx - ax), point.y - ay - at * (by - ay)) <= reach;
  });
}
