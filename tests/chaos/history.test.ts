import { describe, expect, it } from 'vitest';
import { book, hold, T } from './ada.ts';
import { acksOf, endOf, type Op, type OpOf } from './history.ts';

describe('the history', () => {
  it('does not call a timeout a failure: what was answered before or after counts', () => {
    const lost: OpOf<'book'> = { ...book('ada', 'h1', 'b1', T), outcome: 'unknown' };
    delete lost.got;
    expect(endOf([lost])).toBe('unknown');
    expect(endOf([lost, book('ada', 'h1', 'b1', T + 100)])).toBe('ok');
    expect(endOf([lost, { ...lost, outcome: 'refused', code: 'SEAT_TAKEN' }])).toBe('refused');
    expect(endOf([lost, { ...lost, outcome: 'refused', code: 'BUSY' }])).toBe('unknown');
  });

  it('counts a click that was asked twice from its first try', () => {
    const [ack] = acksOf([
      { ...hold('ada', 'h1', T), outcome: 'unknown', got: undefined } as unknown as Op,
      hold('ada', 'h1', T + 5000)
    ]);
    expect(ack).toMatchObject({ what: 'hold', sent: T, acked: T + 5010 });
  });
});
