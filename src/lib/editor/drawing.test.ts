import { expect, test } from 'vitest';
import { draw, sketch, strokeOf, usualWish, type Drawing } from './drawing.ts';
import { emptyDraft } from './testing/drafts.ts';

const ALL: readonly Drawing[] = ['row', 'arc', 'block', 'table', 'area', 'stage'];

test('what is drawn is what the preview showed', () => {
  for (const what of ALL) {
    const [from, to] = strokeOf(what, { x: 0, y: 0 }, { x: 14, y: 6 });
    const shown = sketch(what, from, to, usualWish);
    const { draft } = draw(emptyDraft, what, from, to, usualWish, {});
    expect(draft.rows.flatMap(({ seats }) => seats).length, what).toBe(shown.lines.flat().length);
  }
});

test('a click without a stroke draws something of the usual size', () => {
  for (const what of ALL) {
    const [from, to] = strokeOf(what, { x: 3, y: 3 }, { x: 3, y: 3 });
    const { draft } = draw(emptyDraft, what, from, to, usualWish, {});
    expect(draft.rows.length + draft.areas.length + draft.stage.outline.length, what).toBeGreaterThan(0);
  }
});
