import { describe, expect, test } from 'vitest';
import { emptyDraft, hall, rowIds } from '../testing/drafts.ts';
import { addArea, bowed, rectangle, setStage } from '../document/areas.ts';
import { isEmpty, nothing, ofRows } from '../document/selection.ts';
import { addTable } from '../document/tables.ts';
import { Floor } from './floor.ts';
import { linesOf, snapBox, snapPoint } from './snap.ts';

const square = (left: number, top: number, right: number, bottom: number) =>
  rectangle({ x: left, y: top }, { x: right, y: bottom }).map(({ x, y }): [number, number] => [x, y]);

describe('what is under the pointer', () => {
  test('a seat before the area it stands in, a table with those who sit there, the edge of a bowed stage', () => {
    const draft = addArea(hall(2, 5), rectangle({ x: -1, y: 4 }, { x: 5, y: 7 }), 10).draft;
    const floor = new Floor(draft);
    expect([...floor.hit({ x: 1.2, y: 5.1 }, 0.6).seats]).toEqual([draft.rows[0]?.seats[1]?.id]);
    expect(floor.hit({ x: 1.5, y: 6.9 }, 0.3).areas.size).toBe(1);
    const tabled = addTable(emptyDraft, { x: 3, y: 3 }, { shape: 'round', seats: 6, spacing: 1 }).draft;
    expect(new Floor(tabled).hit({ x: 3, y: 3 }, 0.3)).toMatchObject({ tables: { size: 1 }, seats: { size: 6 } });
    const staged = setStage(emptyDraft, bowed({ x: 0, y: 0 }, { x: 10, y: 2 })).draft;
    expect(new Floor(staged).hit({ x: 0.05, y: 0.1 }, 0.3).stage).toBe(true);
  });

  test('an empty hall has nothing to be hit and no edges', () => {
    const floor = new Floor(emptyDraft);
    expect(isEmpty(floor.hit({ x: 0, y: 0 }, 5))).toBe(true);
    expect(floor.box).toBeNull();
    expect(isEmpty(floor.enclosed(square(-5, -5, 5, 5)))).toBe(true);
  });

  test('a loop takes the seats in it, and areas only as a whole', () => {
    const draft = addArea(hall(3, 4), rectangle({ x: 0, y: 20 }, { x: 4, y: 24 }), 10).draft;
    const floor = new Floor(draft);
    expect(floor.enclosed(square(-0.5, 4.5, 1.5, 6.5)).seats.size).toBe(4);
    expect(floor.enclosed(square(-1, 19, 2, 30)).areas.size).toBe(0);
    expect(floor.enclosed(square(-1, 19, 5, 30)).areas.size).toBe(1);
  });
});

describe('snapping', () => {
  const view = { left: -100, top: -100, right: 100, bottom: 100 };

  test('a row comes to rest on the edge of its neighbour when it is near, else on the grid', () => {
    const draft = hall(2, 5);
    const moving = ofRows(draft, new Set([rowIds(draft)[1] ?? '']));
    const lines = linesOf(draft, moving, view);
    expect(lines.xs).toEqual([0, 2, 4]);
    const box = { left: 0, right: 4, top: 6, bottom: 6 };
    expect(snapBox(box, 2.05, 3.3, lines, 0.5, 0.2)).toEqual({ dx: 2, dy: 3.5, guides: { x: 4, y: null } });
    expect(snapBox(box, 2.05, 3.3, { xs: [], ys: [] }, 0, 0)).toMatchObject({ dx: 2.05 });
  });

  test('what moves itself gives no lines, and what is out of sight neither', () => {
    const draft = hall(2, 5);
    const all = ofRows(draft, new Set(rowIds(draft)));
    expect(linesOf(draft, all, view).xs).toEqual([]);
    expect(linesOf(draft, nothing, { left: 50, top: 50, right: 60, bottom: 60 }).ys).toEqual([]);
    expect(snapPoint({ x: 1.26, y: 0.1 }, { xs: [], ys: [] }, 0.5, 0.1)).toMatchObject({ x: 1.5, y: 0 });
  });
});
