import { describe, expect, it } from 'vitest';
import { installed, notAllowed } from './licences.ts';

const one = (license: unknown, name = 'thing') => [{ name, version: '1.0.0', license }];

describe('licences', () => {
  it('of all that is installed may be used', () => {
    const packages = installed('node_modules');
    expect(packages.length).toBeGreaterThan(400);
    expect(notAllowed(packages)).toEqual([]);
  });

  it.each([['MIT'], ['(MIT OR GPL-3.0-only)'], ['Apache-2.0 AND MIT'], [{ type: 'ISC' }]])(
    '%j may be used',
    (license) => {
      expect(notAllowed(one(license))).toEqual([]);
    }
  );

  it.each([
    ['GPL-3.0-only'],
    ['AGPL-3.0-or-later'],
    ['MIT AND GPL-2.0-only'],
    ['SSPL-1.0'],
    ['BUSL-1.1'],
    ['LGPL-3.0-or-later'],
    ['UNLICENSED'],
    ['SEE LICENSE IN LICENSE.txt'],
    [undefined],
    ['']
  ])('%j may not', (license) => {
    expect(notAllowed(one(license))).toHaveLength(1);
  });

  it('of a library that is loaded, not built in, may be the LGPL', () => {
    expect(notAllowed(one('Apache-2.0 AND LGPL-3.0-or-later', '@img/sharp-libvips-linux-x64'))).toEqual([]);
  });
});
