import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupShortCode, readShortCode } from './short-code.ts';

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const code = fc.string({ unit: fc.constantFrom(...letters), minLength: 9, maxLength: 9 });

describe('a short code', () => {
  it('is read as it is printed, in small letters, with gaps and with look-alikes', () => {
    fc.assert(
      fc.property(code, (given) => {
        const printed = groupShortCode(given);
        for (const typed of [
          given,
          printed,
          ` ${printed.toLowerCase()} `,
          printed.replaceAll('-', ' '),
          given.replaceAll('0', 'o').replaceAll('1', 'l')
        ])
          expect(readShortCode(typed)).toBe(given);
      })
    );
  });

  it('is nothing else: not too short or long, no signed code, no other letters', () => {
    for (const typed of ['', '7KDM2X9Q', '7KDM2X9QFF', '7KDM2X9QU', 'FH1.abcd.efgh', '7KDM2X9Q✓'])
      expect(readShortCode(typed), typed).toBeNull();
  });
});
