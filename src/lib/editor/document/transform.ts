import type { DraftTable, PlanDraft } from '#domain/plan-draft/draft.ts';
import { boxOf, middleOf, pointsOf, radians, turn, type Point } from './geometry.ts';
import type { Selection } from './selection.ts';
import { changeSeats, mapSome, rounded } from './sharing.ts';

/** Puts everything chosen to where `place` says; `table` may change what a table is besides where it stands. */
export function displaced(
  draft: PlanDraft,
  { seats, tables, areas, stage }: Selection,
  place: (point: Point) => Point,
  table: (table: DraftTable) => Partial<DraftTable> = () => ({})
): PlanDraft {
  const put = (point: Point) => {
    const { x, y } = place(point);
    return { x: rounded(x), y: rounded(y) };
  };
  const moved = (outline: [number, number][]) =>
    outline.map(([x, y]): [number, number] => {
      const to = put({ x, y });
      return [to.x, to.y];
    });
  const next = changeSeats(draft, seats, (seat) => {
    const to = put(seat);
    return to.x === seat.x && to.y === seat.y ? seat : { ...seat, ...to };
  });
  return {
    ...next,
    tables:
      tables.size === 0
        ? draft.tables
        : mapSome(draft.tables, (one) => (tables.has(one.id) ? { ...one, ...put(one), ...table(one) } : one)),
    areas:
      areas.size === 0
        ? draft.areas
        : mapSome(draft.areas, (area) => (areas.has(area.id) ? { ...area, outline: moved(area.outline) } : area)),
    ...(stage
      ? { stage: { ...draft.stage, outline: moved(draft.stage.outline) }, focus: put(draft.focus) }
      : { stage: draft.stage })
  };
}

export const move = (draft: PlanDraft, chosen: Selection, dx: number, dy: number): PlanDraft =>
  dx === 0 && dy === 0 ? draft : displaced(draft, chosen, ({ x, y }) => ({ x: x + dx, y: y + dy }));

const around = (draft: PlanDraft, chosen: Selection): Point | null => {
  const box = boxOf(pointsOf(draft, chosen));
  return box && middleOf(box);
};

/** Turns what is chosen around its middle; degrees, clockwise. */
export function rotate(draft: PlanDraft, chosen: Selection, by: number): PlanDraft {
  const middle = around(draft, chosen);
  if (!middle || by % 360 === 0) return draft;
  return displaced(
    draft,
    chosen,
    (point) => turn(point, middle, radians(by)),
    ({ rotation }) => ({ rotation: rounded((rotation + by) % 360) })
  );
}

/** Left becomes right (`across`) or front becomes back. */
export function mirror(draft: PlanDraft, chosen: Selection, axis: 'across' | 'along'): PlanDraft {
  const middle = around(draft, chosen);
  if (!middle) return draft;
  return displaced(
    draft,
    chosen,
    ({ x, y }) => (axis === 'across' ? { x: 2 * middle.x - x, y } : { x, y: 2 * middle.y - y }),
    ({ rotation }) => ({ rotation: rounded(-rotation % 360) })
  );
}
