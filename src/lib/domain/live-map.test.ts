import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveMap } from './live-map.ts';
import type { Changes, SeatsFrame } from './protocol.ts';
import { encodeSeats, newSeatMap, setSeatState, STATE_NAMES, type SeatState } from './seat-map.ts';

const CAPACITY = 40;
const showId = 'aaaaaaaaaaaa';

/** A server that changes seats, rebuilds now and then, and remembers every map it ever showed. */
class Server {
  epoch = 1;
  version = 0;
  map = newSeatMap(CAPACITY);
  history = new Map<string, Uint8Array>([['1:0', newSeatMap(CAPACITY)]]);
  frames: SeatsFrame[] = [];

  change(writes: [number, SeatState][]) {
    const from = this.version;
    const last = new Map(writes);
    for (const [seat, state] of last) setSeatState(this.map, seat, state);
    this.version += writes.length;
    const changes: Changes = { from, to: this.version };
    STATE_NAMES.forEach((name, state) => {
      const seats = [...last].filter(([, to]) => to === state).map(([seat]) => seat);
      if (seats.length > 0) changes[name] = encodeSeats(seats.sort((a, b) => a - b));
    });
    this.frames.push({ showId, epoch: this.epoch, ...changes });
    this.keep();
  }

  rebuild(writes: [number, SeatState][]) {
    this.epoch++;
    this.version = 0;
    this.map = newSeatMap(CAPACITY);
    for (const [seat, state] of writes) setSeatState(this.map, seat, state);
    this.keep();
  }

  keep() {
    this.history.set(`${this.epoch}:${this.version}`, this.map.slice());
  }

  answer() {
    return { epoch: this.epoch, version: this.version, capacity: CAPACITY, map: this.map.slice() };
  }
}

const write = fc.tuple(fc.nat(CAPACITY - 1), fc.integer({ min: 0, max: 3 })) as fc.Arbitrary<[number, SeatState]>;
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      writes: fc.array(write, { minLength: 1, maxLength: 6 })
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rebuild' as const), writes: fc.array(write, { maxLength: 6 }) })
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('snapshot' as const) }) }
);
/** What the network does with each message: lose it, or bring it once or more, in any order. */
const fate = fc.record({ copies: fc.integer({ min: 0, max: 3 }), delay: fc.nat(12) });

describe('a viewer’s map', () => {
  it('only ever shows what the server’s map was at the version it claims, and ends equal to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fate), (steps, fates) => {
        const server = new Server();
        const client = new LiveMap();
        const inFlight: { at: number; deliver: () => void }[] = [];
        const send = (now: number, deliver: () => void) => {
          const { copies, delay } = fates.next().value as { copies: number; delay: number };
          for (let copy = 0; copy < copies; copy++) inFlight.push({ at: now + delay * (copy + 1), deliver });
        };
        const check = () => {
          if (client.epoch === 0) return;
          expect(client.map).toEqual(server.history.get(`${client.epoch}:${client.version}`));
        };

        steps.forEach((each, now) => {
          if (each.do === 'change') {
            server.change(each.writes);
            const frame = server.frames.at(-1);
            if (frame) send(now, () => void client.frame(frame));
          } else if (each.do === 'rebuild') {
            server.rebuild(each.writes);
          } else {
            const answer = server.answer();
            send(now, () => void client.snapshot(answer));
          }
          for (const message of inFlight.filter(({ at }) => at === now)) {
            message.deliver();
            check();
          }
        });

        // The network calms down: the version event arrives, and whoever has a gap asks again.
        if (client.epoch === 0 || client.check(server) === 'gap') client.snapshot(server.answer());
        check();
        expect([client.epoch, client.version]).toEqual([server.epoch, server.version]);
        expect(client.map).toEqual(server.map);
      }),
      { numRuns: 500 }
    );
  });

  it('takes the changes it missed in the place of a whole map', () => {
    const map = new LiveMap();
    map.snapshot({ epoch: 3, version: 5, capacity: 8, map: newSeatMap(8) });
    const changes = { from: 5, to: 9, held: [2, 1] };
    expect(map.snapshot({ epoch: 3, version: 9, capacity: 8, changes })).toBe('applied');
    expect([map.state(2), map.state(3), map.version]).toEqual([1, 1, 9]);
  });

  it('asks again when a frame does not start where it ends', () => {
    const map = new LiveMap();
    map.snapshot({ epoch: 1, version: 5, capacity: 8, map: newSeatMap(8) });
    expect(map.frame({ showId, epoch: 1, from: 6, to: 7, held: [1] })).toBe('gap');
    expect(map.frame({ showId, epoch: 1, from: 3, to: 5, held: [1] })).toBe('stale');
    expect(map.frame({ showId, epoch: 2, from: 0, to: 1, held: [1] })).toBe('gap');
    expect(map.state(1)).toBe(0);
  });

  it('tells its listeners which seats changed, and of a new map that all did', () => {
    const map = new LiveMap();
    const heard: unknown[] = [];
    const off = map.onChange((seats) => heard.push(seats));
    map.snapshot({ epoch: 1, version: 0, capacity: 8, map: newSeatMap(8) });
    map.frame({ showId, epoch: 1, from: 0, to: 1, held: [4, 1] });
    off();
    map.frame({ showId, epoch: 1, from: 1, to: 2, booked: [4] });
    expect(heard).toEqual(['all', [4, 5]]);
  });
});
