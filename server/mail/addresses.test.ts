import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, recipientOf } from './addresses.ts';

describe('the recipient of a mail', () => {
  it('is one mailbox or none at all', () => {
    expect(recipientOf('Ada', 'ada@sample.com')).toEqual({ name: 'Ada', address: 'ada@sample.com' });
    for (const address of [
      'ada@sample.com, eve@evil.test',
      'ada@sample.com\r\nBcc: eve@evil.test',
      'ada@sample.com\n',
      '"ada@sample.com, eve"@evil.test',
      '<eve@evil.test>ada@sample.com',
      'ada@sample.com;eve@evil.test',
      'ada sample.com',
      ''
    ])
      expect(recipientOf('Ada', address), address).toBeNull();
  });

  it('keeps no character in the name that could begin a header', () => {
    expect(recipientOf('Ada\r\nBcc: eve@evil.test', 'ada@sample.com')?.name).toBe('Ada Bcc: eve@evil.test');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(cleanText(name)).not.toMatch(/[\r\n\0\u2028\u2029]/);
      })
    );
  });
});
