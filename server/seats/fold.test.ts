import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveMap } from '#domain/live-map.ts';
import { newSeatMap, setSeatState, type SeatState } from '#domain/seat-map.ts';
import { foldFor, foldInto, isEmpty, parseEntry, type LogEntry } from './fold.ts';

const entry = (version: number, state: SeatState, seats: number[]): LogEntry => ({
  ...{ epoch: 1, version, state, seats },
  ...{ cause: 'hold', hold: '', buyer: '' }
});

describe('folding the log', () => {
  it('says nothing of a seat that was held and released within one tick', () => {
    const map = newSeatMap(10);
    const changes = foldInto(map, 4, [entry(5, 1, [3]), entry(6, 1, [4]), entry(7, 0, [3])]);
    expect(changes).toEqual({ from: 4, to: 7, held: [4] });
    expect(isEmpty(foldInto(map, 7, [entry(8, 0, [4]), entry(9, 1, [4])]))).toBe(true);
  });

  it('brings any viewer to the same map as applying every entry alone', () => {
    const states = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<SeatState>;
    const writes = fc.array(fc.tuple(states, fc.uniqueArray(fc.nat(29), { minLength: 1, maxLength: 5 })), {
      minLength: 1,
      maxLength: 30
    });
    fc.assert(
      fc.property(writes, fc.nat(29), (list, split) => {
        const entries = list.map(([state, seats], n) => entry(n + 1, state, seats));
        const truth = newSeatMap(30);
        for (const { seats, state } of entries) for (const seat of seats) setSeatState(truth, seat, state);

        const node = newSeatMap(30);
        const viewer = new LiveMap();
        viewer.snapshot({ epoch: 1, version: 0, capacity: 30, map: newSeatMap(30) });
        const at = Math.min(split, entries.length);
        let from = 0;
        for (const part of [entries.slice(0, at), entries.slice(at)]) {
          if (part.length === 0) continue;
          const changes = foldInto(node, from, part);
          from = changes.to;
          expect(viewer.frame({ showId: 'aaaaaaaaaaaa', epoch: 1, ...changes })).toBe('applied');
        }
        expect(viewer.map).toEqual(truth);
        expect(node).toEqual(truth);

        const returning = new LiveMap();
        returning.snapshot({ epoch: 1, version: 0, capacity: 30, map: newSeatMap(30) });
        returning.snapshot({ epoch: 1, version: from, capacity: 30, changes: foldFor(0, entries) });
        expect(returning.map).toEqual(truth);
      })
    );
  });

  it('reads an entry as Redis answers it', () => {
    expect(parseEntry(['7-12', ['e', '2 5,9 book x u_1 1700000000000']])).toEqual({
      ...{ epoch: 7, version: 12, state: 2, seats: [5, 9] },
      ...{ cause: 'book', hold: 'x', buyer: 'u_1' }
    });
    expect(parseEntry(['7-0', ['e', '0  load   1700000000000']]).seats).toEqual([]);
  });
});
