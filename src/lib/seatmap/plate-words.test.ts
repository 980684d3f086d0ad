import { expect, test } from 'vitest';
import type { Block } from './house.ts';
import { plateWords } from './plate-words.ts';

const block: Block = {
  ...{ id: 'a', name: 'A', standing: false, rows: [], tier: 0, size: 1200, first: 0, outline: [] },
  ...{ box: { left: 0, top: 0, right: 1, bottom: 1 }, labelAt: { x: 0, y: 0 } }
};

test('a section says what is left in it, what is yours, and who looks', () => {
  expect(plateWords(block, 1200, 0, 0)).toBe('1,200 left');
  expect(plateWords(block, 1199, 1, 0)).toBe('1 yours · 1,199 left');
  expect(plateWords(block, 1199, 1, 10)).toBe('1 yours · 1,199 left · 10+ looking');
  expect(plateWords(block, 1199, 0, 10)).toBe('1,199 left · 10+ looking');
  expect(plateWords({ ...block, id: 'b' }, 0, 0, 0)).toBe('0 left');
});
