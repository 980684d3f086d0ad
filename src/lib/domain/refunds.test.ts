import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancellableUntil, mayCancel, refundBody, worthOf, type PricedSeat } from './refunds.ts';

const START = new Date('2026-12-12T19:30:00Z');
const MINUTE_MS = 60_000;

describe('until when a customer may cancel', () => {
  it('is so many minutes before the start, and the last moment is too late', () => {
    expect(cancellableUntil(START, 24 * 60)?.toISOString()).toBe('2026-12-11T19:30:00.000Z');
    expect(mayCancel(START, 24 * 60, new Date('2026-12-11T19:29:59.999Z'))).toBe(true);
    expect(mayCancel(START, 24 * 60, new Date('2026-12-11T19:30:00Z'))).toBe(false);
    expect(mayCancel(START, 0, new Date('2026-12-12T19:29:59Z'))).toBe(true);
  });

  it('is never where the show says so, and a longer time before the start never allows more', () => {
    const moment = fc.integer({ min: -1e6, max: 1e6 }).map((minutes) => new Date(+START + minutes * MINUTE_MS));
    fc.assert(
      fc.property(moment, fc.nat(525_600), fc.nat(525_600), (now, one, other) => {
        expect(mayCancel(START, null, now)).toBe(false);
        if (mayCancel(START, Math.max(one, other), now)) expect(mayCancel(START, Math.min(one, other), now)).toBe(true);
        if (now >= START) expect(mayCancel(START, one, now)).toBe(false);
      })
    );
  });
});

const seats = fc
  .array(fc.nat(100_000), { minLength: 1, maxLength: 12 })
  .map((prices) => prices.map((price, index): PricedSeat => ({ index, price })));
const sum = (of: readonly PricedSeat[]) => of.reduce((total, { price }) => total + price, 0);

describe('what seats are worth', () => {
  it('is, step by step, what the seats that are left stop being worth, down to nothing', () => {
    fc.assert(
      fc.property(seats, fc.array(fc.array(fc.nat(11), { minLength: 1 })), (all, steps) => {
        let live = all;
        let left = sum(all);
        for (const step of [...steps, null]) {
          const wanted = step && [...new Set(step)].filter((index) => live.some((seat) => seat.index === index));
          if (wanted?.length === 0 || live.length === 0) continue;
          const worth = worthOf(live, wanted, left);
          expect(worth?.amount).toBeGreaterThanOrEqual(0);
          live = live.filter(({ index }) => !worth?.seats.includes(index));
          left -= worth?.amount ?? 0;
          expect(left).toBe(sum(live));
          expect(worth?.whole).toBe(live.length === 0);
        }
        expect([live, left]).toEqual([[], 0]);
      })
    );
  });

  it('is never more than what has not gone back yet', () => {
    fc.assert(
      fc.property(seats, fc.nat(200_000), fc.boolean(), (all, left, some) => {
        const wanted = some ? all.slice(1).map(({ index }) => index) : null;
        expect(worthOf(all, wanted, left)?.amount).toBeLessThanOrEqual(left);
      })
    );
  });

  it('is nothing one can ask for where a seat is not the booking’s', () => {
    const live = [
      { index: 3, price: 100 },
      { index: 4, price: 100 }
    ];
    expect(worthOf(live, [3, 5], 200)).toBeNull();
    expect(worthOf(live, [5], 200)).toBeNull();
    expect(worthOf(live, [4, 3], 200)).toEqual({ seats: [3, 4], amount: 200, whole: true });
  });
});

describe('what an organizer sends', () => {
  it('needs a reason in one line, and names each seat once', () => {
    expect(refundBody.safeParse({ reason: ' Seat is broken ' }).data).toEqual({ reason: 'Seat is broken' });
    for (const wrong of [
      {},
      { reason: ' ' },
      { reason: 'a\nb' },
      { reason: 'x', seats: [] },
      { reason: 'x', seats: [1, 1] }
    ])
      expect(refundBody.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });
});
