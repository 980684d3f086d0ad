import * as m from '#domain/messages/compiled/editor.js';
import type { PlanDraft } from '#domain/plan-draft/draft.ts';
import { addArea, bowed, rectangle, setStage } from './document/areas.ts';
import { distance, type Point } from './document/geometry.ts';
import { block, rowsBetween } from './document/lines.ts';
import { addRows, type Into, type Made } from './document/parts.ts';
import { addTable, seatsAround, tableSize } from './document/tables.ts';

/** What can be drawn with one stroke, and how it is wished for. */
export type Drawing = 'row' | 'arc' | 'block' | 'table' | 'area' | 'stage';

export interface Wish {
  spacing: number;
  gap: number;
  rows: number;
  curve: number;
  tableShape: 'round' | 'square';
  tableSeats: number;
  standing: number;
  stageShape: 'box' | 'bowed';
}
export const usualWish: Wish = {
  ...{ spacing: 1, gap: 1.3, rows: 4, curve: 40 },
  ...{ tableShape: 'round', tableSeats: 8, standing: 100, stageShape: 'bowed' }
};

/** How far a click without a stroke goes. */
const USUAL: Record<Drawing, { x: number; y: number }> = {
  row: { x: 9, y: 0 },
  arc: { x: 20, y: 0 },
  block: { x: 9, y: 6 },
  table: { x: 0, y: 0 },
  area: { x: 12, y: 6 },
  stage: { x: 20, y: 3 }
};

export const strokeOf = (what: Drawing, from: Point, to: Point): [Point, Point] =>
  distance(from, to) < 0.4 ? [from, { x: from.x + USUAL[what].x, y: from.y + USUAL[what].y }] : [from, to];

export interface Sketch {
  lines: Point[][];
  outline: Point[];
  words: string;
}

const seats = (lines: readonly (readonly Point[])[]) => lines.reduce((sum, line) => sum + line.length, 0);
const rows = (count: number) => m.rows_count({ count });

/** What a stroke from here to there would make. */
export function sketch(what: Drawing, from: Point, to: Point, wish: Wish): Sketch {
  switch (what) {
    case 'row': {
      const lines = rowsBetween(from, to, { ...wish, rows: 1, curve: 0 });
      return { lines, outline: [], words: m.seats_drawn({ count: seats(lines) }) };
    }
    case 'arc': {
      const lines = rowsBetween(from, to, wish);
      return {
        lines,
        outline: [],
        words: m.rows_and_seats({ rows: rows(lines.length), seats: m.seats_drawn({ count: seats(lines) }) })
      };
    }
    case 'block': {
      const lines = block(from, to, wish);
      return { lines, outline: [], words: m.rows_of({ rows: rows(lines.length), count: lines[0]?.length ?? 0 }) };
    }
    case 'table': {
      const { tableShape: shape, tableSeats: count, spacing } = wish;
      const table = { shape, ...to, ...tableSize({ shape, seats: count, spacing }), rotation: 0 };
      return { lines: [seatsAround(table, count)], outline: [], words: m.table_for({ count }) };
    }
    case 'area':
      return { lines: [], outline: rectangle(from, to), words: m.standing_count({ count: wish.standing }) };
    case 'stage':
      return { lines: [], outline: (wish.stageShape === 'bowed' ? bowed : rectangle)(from, to), words: m.stage_kind() };
  }
}

/** Makes what the stroke shows. */
export function draw(draft: PlanDraft, what: Drawing, from: Point, to: Point, wish: Wish, into: Into): Made {
  const { lines, outline } = sketch(what, from, to, wish);
  switch (what) {
    case 'table':
      return addTable(draft, to, { shape: wish.tableShape, seats: wish.tableSeats, spacing: wish.spacing }, into);
    case 'area':
      return addArea(draft, outline, wish.standing, into);
    case 'stage':
      return setStage(draft, outline);
    case 'row':
    case 'arc':
    case 'block':
      return addRows(draft, lines, into);
  }
}
