import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slugOf } from './slug.ts';

it('turns a title into words of an address', () => {
  expect(slugOf('The Cherry Orchard – Última función')).toBe('the-cherry-orchard-ultima-funcion');
  expect(slugOf('Don’t look, Straße 7!')).toBe('dont-look-strasse-7');
  expect(slugOf('नमस्ते')).toBe('');
});

it('never has anything in it that an address would have to quote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
      const slug = slugOf(title);
      expect(slug).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
      expect(slug.length).toBeLessThanOrEqual(60);
    })
  );
});
