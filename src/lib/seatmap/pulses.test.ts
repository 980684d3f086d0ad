import { describe, expect, it } from 'vitest';
import { Pulses } from './pulses.ts';

const seats = (pulses: Pulses, now: number, scale = 20) => pulses.at(now, scale).map(({ seat }) => seat);

describe('a choice of somebody else', () => {
  it('is pointed at once, and then no more', () => {
    const pulses = new Pulses();
    pulses.begin(4, 1000);
    expect(pulses.at(1000, 20)).toEqual([{ seat: 4, share: 0 }]);
    expect(pulses.at(1350, 20)).toEqual([{ seat: 4, share: 0.5 }]);
    expect(seats(pulses, 1700)).toEqual([]);
    expect(seats(pulses, 1400)).toEqual([]);
  });

  it('is not where seats are small, also when one comes nearer meanwhile', () => {
    const pulses = new Pulses();
    pulses.begin(4, 1000);
    expect(seats(pulses, 1000, 5)).toEqual([]);
    expect(seats(pulses, 1010, 20)).toEqual([]);
  });

  it('is over when the seat is given back', () => {
    const pulses = new Pulses();
    pulses.begin(4, 1000);
    pulses.end(4);
    expect(seats(pulses, 1001)).toEqual([]);
  });

  it('is one of sixteen at most: the last', () => {
    const pulses = new Pulses();
    for (let seat = 0; seat < 40; seat++) pulses.begin(seat, 1000);
    expect(seats(pulses, 1001)).toEqual(Array.from({ length: 16 }, (_, n) => 24 + n));
  });
});
