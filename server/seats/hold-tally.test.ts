import { describe, expect, it } from 'vitest';
import type { Hold } from '#domain/protocol.ts';
import { HoldTally } from './hold-tally.ts';

const hold = (id: string, seats: number[]): Hold => ({
  ...{ id: `showshowshow.${id}`, showId: 'showshowshow', seats },
  ...{ deadline: 0, hardLimit: 0, phase: 'selecting' }
});

describe('the tally of holds', () => {
  it('counts a hold once, and each seat that comes into it', () => {
    const tally = new HoldTally();
    tally.count(hold('a', [1]), true);
    tally.count(hold('a', [1, 2, 3]), false);
    tally.count(hold('a', [1, 2, 3]), false);
    tally.count(hold('b', [7, 8]), true);
    expect([...tally.take()]).toEqual([['showshowshow', { holds: 2, seats: 5 }]]);
    expect(tally.take().size).toBe(0);
  });

  it('counts a seat again that was given back and taken once more', () => {
    const tally = new HoldTally();
    tally.count(hold('a', [1, 2]), true);
    tally.count(hold('a', [1]), false);
    tally.count(hold('a', [1, 2]), false);
    expect(tally.take().get('showshowshow')).toEqual({ holds: 1, seats: 3 });
  });

  it('does not guess how many seats of a hold are new when another node made it', () => {
    const tally = new HoldTally();
    tally.count(hold('elsewhere', [1, 2, 3]), false);
    expect(tally.take().size).toBe(0);
    tally.count(hold('elsewhere', [1, 2, 3, 4]), false);
    expect(tally.take().get('showshowshow')).toEqual({ holds: 0, seats: 1 });
  });

  it('takes back what could not be written', () => {
    const tally = new HoldTally();
    tally.count(hold('a', [1]), true);
    for (const [show, held] of tally.take()) tally.add(show, held);
    tally.count(hold('b', [2]), true);
    expect(tally.take().get('showshowshow')).toEqual({ holds: 2, seats: 2 });
  });
});
