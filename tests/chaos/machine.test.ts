import { describe, expect, it } from 'vitest';
import { later, shareOf } from './machine.ts';

const counted = (given: Partial<Parameters<typeof shareOf>[0]> = {}) => ({
  ...{ total: 0, stolen: 0, waitedUs: 0, at: 0 },
  ...given
});

describe('what the machine did', () => {
  const after = (stolen: number, waited: number) =>
    shareOf(counted(), counted({ total: 200, stolen: 200 * stolen, waitedUs: 1_000_000 * waited, at: 1000 }));

  it('is everything while it has processors to give, and less where others take them or many wait', () => {
    expect(after(0, 0)).toBe(1);
    expect(after(0, 0.5)).toBe(1);
    expect(after(0.4, 0)).toBeCloseTo(0.6);
    expect(after(0, 0.75)).toBeCloseTo(0.5);
    expect(after(0.4, 0.75)).toBeCloseTo(0.3);
  });

  it('is never so little that a limit is none', () => {
    expect(after(1, 1)).toBe(0.25);
  });
});

describe('a limit', () => {
  it('is as long as it is where the machine does all it is asked for, or nobody looked', () => {
    expect(later(1000, 500, [])).toBe(1500);
    expect(later(1000, 500, [{ at: 900, share: 0.3 }])).toBe(1500);
    expect(later(1000, 500, [{ at: 2000, share: 1 }])).toBe(1500);
  });

  it('is longer by what the machine could not do meanwhile', () => {
    const looks = [
      { at: 1000, share: 1 },
      { at: 2000, share: 0.5 },
      { at: 3000, share: 0.25 }
    ];
    expect(later(1000, 400, looks)).toBe(1800);
    expect(later(1000, 600, looks)).toBe(2400);
    expect(later(1500, 1500, looks)).toBe(4000);
  });
});
