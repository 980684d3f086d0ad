import fc from 'fast-check';
import { expect, it } from 'vitest';
import { paceOf, type Measured } from './pace.ts';

const calm: Measured = { loopMs: 5, holdMs: 3, inside: 10, available: 900, held: 50 };

it('admits as many as the organizer allows while all is calm', () => {
  expect(paceOf(120, calm)).toBe(120);
});

it.each<[string, Partial<Measured>]>([
  ['an event loop that is late', { loopMs: 250 }],
  ['holds that take a second', { holdMs: 1000 }],
  ['nearly all seats in somebody’s hands', { available: 10, held: 390 }],
  ['as many people inside as there are seats', { inside: 950 }]
])('admits nobody with %s', (_, worse) => {
  expect(paceOf(120, { ...calm, ...worse })).toBe(0);
});

it('lets people see for themselves that nothing is left', () => {
  expect(paceOf(120, { ...calm, available: 0, held: 0, inside: 40 })).toBe(120);
});

it('is never more than allowed, and never more under more load', () => {
  const ms = fc.double({ min: 0, max: 3000, noNaN: true });
  const count = fc.nat(5000);
  fc.assert(
    fc.property(ms, ms, count, count, count, ms, (loopMs, holdMs, inside, available, held, more) => {
      const now = { loopMs, holdMs, inside, available, held };
      const pace = paceOf(60, now);
      expect(pace).toBeGreaterThanOrEqual(0);
      expect(pace).toBeLessThanOrEqual(60);
      for (const worse of [{ loopMs: loopMs + more }, { holdMs: holdMs + more }, { inside: inside + 7 }])
        expect(paceOf(60, { ...now, ...worse })).toBeLessThanOrEqual(pace);
    })
  );
});
