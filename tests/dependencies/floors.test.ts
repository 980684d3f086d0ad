import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { belowFloors, compareVersions, FLOORS } from './floors.ts';

const real = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, object> };

describe('the floors of our dependencies', () => {
  it('are held by the lock', () => {
    expect(belowFloors(real)).toEqual([]);
  });

  it.each([
    ['deep in the tree', 'node_modules/engine.io/node_modules/ws', { version: '8.20.9' }],
    ['for development only', 'node_modules/a/node_modules/devalue', { version: '5.9.1', dev: true }],
    ['optional', 'node_modules/b/node_modules/ws', { version: '7.5.10', optional: true, peer: true }],
    ['under another name', 'node_modules/old-nodemailer', { version: '6.9.16', name: 'nodemailer' }],
    ['as a pre-release of the floor', 'node_modules/c/node_modules/ws', { version: '8.21.0-rc.1' }]
  ])('are undercut by a package %s', (_, path, entry) => {
    const lock = { ...real, packages: { ...real.packages, [path]: entry } };
    expect(belowFloors(lock)).toEqual([expect.stringContaining(`${path} is `)]);
  });

  it('name nothing that we do not have', () => {
    const without = Object.fromEntries(Object.entries(real.packages).filter(([path]) => !path.endsWith('/devalue')));
    expect(belowFloors({ packages: without })).toEqual([expect.stringContaining('devalue is not in the lock')]);
  });

  it('are kept by overrides where others could bring less', () => {
    const { overrides, dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const direct = { ...dependencies, ...devDependencies };
    for (const [name, floor] of Object.entries(FLOORS)) {
      const given = overrides?.[name] ?? direct[name] ?? '';
      const range = given.startsWith('$') ? (direct[given.slice(1)] ?? '') : given;
      expect(compareVersions(range.replace(/^[\^~]/, ''), floor), `${name}: ${given}`).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('versions', () => {
  it.each([
    ['8.21.0', '8.20.99', 1],
    ['10.0.0', '9.9.9', 1],
    ['5.9.2', '5.9.2', 0],
    ['5.9.2-next.1', '5.9.2', -1],
    ['8.3', '8.3.0', 0],
    ['1.0.0+build', '1.0.0', 0]
  ])('%s and %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
  });
});
