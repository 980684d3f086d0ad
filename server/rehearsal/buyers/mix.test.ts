import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMix, shareOut, USUAL_MIX } from './mix.ts';

test('a mix names who comes, by weight', () => {
  expect(parseMix('picker=4, best=3')).toMatchObject({ picker: 4, best: 3, group: 0, watcher: 0 });
});

test.each([
  ['picker=4,thief=1', 'there is no persona "thief"'],
  ['picker', 'such as picker=3'],
  ['picker=', 'such as picker=3'],
  ['picker=-1', 'such as picker=3'],
  ['picker=1=2', 'such as picker=3'],
  ['picker=0', 'somebody has to come']
])('%s is refused, and it is said why', (text, why) => {
  expect(() => parseMix(text)).toThrow(why);
});

test('everybody is somebody, and nobody comes who was not named', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.1, max: 9, noNaN: true }), (count, weight) => {
      const shares = shareOut(parseMix(`picker=${weight},best=1,watcher=2`), count);
      expect(Object.values(shares).reduce((sum, each) => sum + each, 0)).toBe(count);
      expect(shares.group + shares.abandoner + shares.double + shares.late + shares.reconnecter).toBe(0);
    })
  );
});

test('the usual mix brings every kind of person, even among forty, and no bots', () => {
  const { bot, ...people } = shareOut(USUAL_MIX, 40);
  expect(bot).toBe(0);
  expect(Object.values(people).every((count) => count > 0)).toBe(true);
});
