import * as m from '#domain/messages/compiled/editor.js';
import type { DraftArea, PlanDraft } from '#domain/plan-draft/draft.ts';
import type { Point } from './geometry.ts';
import { freshId } from './ids.ts';
import { prepared, type Into, type Made } from './parts.ts';
import { nothing, select } from './selection.ts';
import { mapSome, rounded } from './sharing.ts';

type Outline = DraftArea['outline'];

const outlineOf = (points: readonly Point[]): Outline => points.map(({ x, y }) => [rounded(x), rounded(y)]);

export const rectangle = (a: Point, b: Point): Point[] => [
  { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) },
  { x: Math.max(a.x, b.x), y: Math.min(a.y, b.y) },
  { x: Math.max(a.x, b.x), y: Math.max(a.y, b.y) },
  { x: Math.min(a.x, b.x), y: Math.max(a.y, b.y) }
];

/** The front edge of a stage that comes out towards the hall, as a line of 13 points. */
export function bowed(a: Point, b: Point): Point[] {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return Array.from({ length: 13 }, (_, n) => {
    const part = n / 6 - 1;
    return { x: left + ((right - left) * n) / 12, y: top + (bottom - top) * (1 - part * part) };
  });
}

/** A standing area for `count` people. */
export function addArea(draft: PlanDraft, points: readonly Point[], count: number, into: Into = {}): Made {
  const ready = prepared(draft, into);
  const n = draft.areas.length;
  const area: DraftArea = {
    ...{ id: freshId(), name: n === 0 ? m.standing_name() : m.standing_n({ n: n + 1 }), count, tier: ready.tier },
    outline: outlineOf(points)
  };
  return {
    // A standing area belongs to no section: none is made for it.
    draft: { ...ready.draft, sections: draft.sections, areas: [...draft.areas, area] },
    made: select({ areas: [area.id] })
  };
}

export function changeArea(draft: PlanDraft, id: string, change: Partial<Omit<DraftArea, 'id'>>): PlanDraft {
  const areas = mapSome(draft.areas, (area) => (area.id === id ? { ...area, ...change } : area));
  return areas === draft.areas ? draft : { ...draft, areas };
}

/** Draws the stage; the eyes go to its middle. */
export function setStage(draft: PlanDraft, points: readonly Point[]): Made {
  const outline = outlineOf(points);
  const label = draft.stage.label || 'STAGE';
  const n = Math.max(1, outline.length);
  const focus = {
    x: rounded(outline.reduce((sum, [x]) => sum + x, 0) / n),
    y: rounded(outline.reduce((sum, [, y]) => sum + y, 0) / n)
  };
  return { draft: { ...draft, stage: { label, outline }, focus }, made: { ...nothing, stage: true } };
}

export const nameStage = (draft: PlanDraft, label: string): PlanDraft =>
  label === draft.stage.label ? draft : { ...draft, stage: { ...draft.stage, label } };

/** Where the eyes go: best available and the order of rows are measured from here. */
export const setFocus = (draft: PlanDraft, { x, y }: Point): PlanDraft => ({
  ...draft,
  focus: { x: rounded(x), y: rounded(y) }
});
