import { describe, expect, it } from 'vitest';
import { FAULTS, SHORT } from './faults/all.ts';
import { planRounds } from './schedule.ts';

const MINUTES = 60_000;
const told = (seed: string, forMs = 10 * MINUTES) =>
  planRounds(FAULTS, seed, forMs, 'long').map(({ faults, ...round }) => ({
    ...round,
    faults: faults.map(({ id }) => id)
  }));

describe('the schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(told('7')).toEqual(told('7'));
    expect(told('7')).not.toEqual(told('8'));
  });

  it('does every fault before it does one again', () => {
    const ids = told('7', 60 * MINUTES).flatMap(({ faults }) => faults);
    expect(new Set(ids.slice(0, FAULTS.length)).size).toBe(FAULTS.length);
  });

  it('fills the time it is given, and mixes two at most', () => {
    const rounds = planRounds(FAULTS, '7', 10 * MINUTES, 'long');
    const lasts = rounds.reduce((sum, { apartMs, lastsMs, restMs }) => sum + apartMs + lastsMs + restMs, 0);
    expect(lasts).toBeGreaterThanOrEqual(10 * MINUTES);
    expect(rounds.some(({ faults }) => faults.length === 2)).toBe(true);
    for (const { faults } of rounds) {
      expect(faults.length).toBeLessThanOrEqual(2);
      if (faults.some(({ alone }) => alone)) expect(faults).toHaveLength(1);
      expect(new Set(faults).size).toBe(faults.length);
    }
  });

  it('does each fault of the short form once, in its order', () => {
    expect(planRounds(SHORT, '7', 1, 'short').map(({ faults }) => faults)).toEqual(SHORT.map((fault) => [fault]));
  });

  it('has an id for every fault that no other has', () => {
    expect(new Set(FAULTS.map(({ id }) => id)).size).toBe(FAULTS.length);
  });
});
