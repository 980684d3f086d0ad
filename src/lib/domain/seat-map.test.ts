import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countStates,
  decodeSeats,
  encodeSeats,
  newSeatMap,
  seatState,
  setSeatState,
  sizedMap,
  type SeatState
} from './seat-map.ts';

const state = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<SeatState>;

describe('the seat map', () => {
  it('lays seat 0 in the two most significant bits of byte 0, as Redis BITFIELD u2 does', () => {
    const map = newSeatMap(5);
    setSeatState(map, 0, 2);
    setSeatState(map, 3, 1);
    setSeatState(map, 4, 3);
    expect([...map]).toEqual([0b10_00_00_01, 0b11_00_00_00]);
  });

  it('gives back the state last set for each seat, and touches no other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(199), state)), (writes) => {
        const map = newSeatMap(200);
        const expected = new Map<number, SeatState>();
        for (const [seat, to] of writes) {
          setSeatState(map, seat, to);
          expected.set(seat, to);
        }
        for (let seat = 0; seat < 200; seat++) expect(seatState(map, seat)).toBe(expected.get(seat) ?? 0);
      })
    );
  });

  it('counts every seat exactly once, and none beyond the capacity', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.array(fc.tuple(fc.nat(499), state)), (capacity, writes) => {
        const map = newSeatMap(capacity);
        for (const [seat, to] of writes) if (seat < capacity) setSeatState(map, seat, to);
        const { available, held, booked, blocked } = countStates(map, capacity);
        expect(available + held + booked + blocked).toBe(capacity);
      })
    );
  });

  it('reads bytes that Redis left out at the end as available seats', () => {
    const map = sizedMap(new Uint8Array([0b01_00_00_00]), 100);
    expect(map).toHaveLength(25);
    expect(seatState(map, 0)).toBe(1);
    expect(seatState(map, 99)).toBe(0);
  });
});

describe('difference coding', () => {
  it('writes 100, 101, 106 as [100, 1, 5]', () => {
    expect(encodeSeats([100, 101, 106])).toEqual([100, 1, 5]);
  });

  it('is undone by decoding', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000)), (seats) => {
        const ascending = seats.sort((a, b) => a - b);
        expect(decodeSeats(encodeSeats(ascending))).toEqual(ascending);
      })
    );
  });
});
