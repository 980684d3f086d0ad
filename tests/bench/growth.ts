import { Redis } from 'ioredis';
import { must, openHouse, type House } from '../integration/house.ts';
import type { Bench, Round } from './bench.ts';
import { openShows } from './hall.ts';

const [FEW_SEATS, MANY_SEATS, FEW_HOLDS, MANY_HOLDS] = [1000, 100_000, 10, 10_000];
const CALLS = 3000;
const AT_ONCE = 50;
const number = (value: number) => value.toLocaleString('en');

/** Both cases as [seats, open holds], larger then smaller. */
const CASES = {
  [`${number(MANY_SEATS)} seats`]: [
    [MANY_SEATS, FEW_HOLDS],
    [FEW_SEATS, FEW_HOLDS]
  ],
  [`${number(MANY_HOLDS)} open holds`]: [
    [MANY_SEATS, MANY_HOLDS],
    [MANY_SEATS, FEW_HOLDS]
  ],
  both: [
    [MANY_SEATS, MANY_HOLDS],
    [FEW_SEATS, FEW_HOLDS]
  ]
} as const;

export const growth: Bench = {
  name: 'growth',
  what: 'Redis time of one hold.lua of one seat, by Redis’ own commandstats, in a large show with many open holds',
  baseline: `${number(FEW_SEATS)} seats, or ${FEW_HOLDS} open holds, or both`,
  rows: Object.keys(CASES).map((name) => ({ case: name, unit: 'µs', goal: { atMost: 1.2 } })),

  async run(context, progress) {
    const house = await openHouse(await context.config());
    const hand = openHand(house);
    const rounds: Round[] = [];
    try {
      const shows = new Map<string, string>();
      for (const [seats, holds] of Object.values(CASES).flat()) {
        if (shows.has(`${seats}/${holds}`)) continue;
        const [show] = await openShows(house, 1, seats);
        if (!show) throw new Error('no show');
        await hand.hold(show.id, seats, 0, holds);
        shows.set(`${seats}/${holds}`, show.id);
      }
      const placeOf = ([seats, holds]: readonly [number, number]): Place => ({
        ...{ show: shows.get(`${seats}/${holds}`) ?? '', seats, holds }
      });
      for (let n = 0; n <= context.rounds; n++) {
        for (const [name, [large, small]] of Object.entries(CASES)) {
          if (n > 0) progress(n, name);
          const measured = await hand.compare(placeOf(large), placeOf(small));
          // The first time round only warms up.
          if (n > 0) rounds.push({ case: name, ...measured });
        }
      }
    } finally {
      hand.close();
      await house.close();
    }
    return rounds;
  }
};

/** A show with so many seats, and so many holds that stay open in it. */
interface Place {
  show: string;
  seats: number;
  holds: number;
}

/** Holds and gives back, and reads on a connection of its own what Redis took for it. */
function openHand(house: House) {
  const redis = new Redis(house.config.redisUrl);

  /** The buyers `first` … `first + count - 1` hold a seat each; answers the µs of Redis and the calls. */
  async function hold(show: string, seats: number, first: number, count: number) {
    const before = await evalsha(redis);
    for (let from = first; from < first + count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, first + count - from) }, (_, n) => from + n);
      const answers = await Promise.all(
        some.map((n) => house.seats.hold(show, `g_buyer-${n}`, [seatOf(n, seats)], 'request'))
      );
      answers.forEach(must);
    }
    const after = await evalsha(redis);
    return { micros: after.micros - before.micros, calls: after.calls - before.calls };
  }

  return {
    hold,
    close: () => redis.disconnect(),
    /**
     * µs of Redis for one hold here and there. A portion here, a portion there: whatever else keeps the machine busy
     * meets both.
     */
    async compare(large: Place, small: Place): Promise<{ value: number; baseline: number }> {
      const spent = new Map<Place, { micros: number; calls: number }>();
      for (let done = 0; done < CALLS; done += AT_ONCE) {
        for (const place of [large, small]) {
          const { micros, calls } = await hold(place.show, place.seats, place.holds, AT_ONCE);
          const sum = spent.get(place) ?? { micros: 0, calls: 0 };
          spent.set(place, { micros: sum.micros + micros, calls: sum.calls + calls });
          const numbers = Array.from({ length: AT_ONCE }, (_, n) => place.holds + n);
          await Promise.all(numbers.map((n) => house.seats.release(place.show, `g_buyer-${n}`)));
        }
      }
      const cost = (place: Place) => (spent.get(place)?.micros ?? NaN) / (spent.get(place)?.calls ?? NaN);
      return { value: cost(large), baseline: cost(small) };
    }
  };
}

/** All scripts so far. While a portion of holds is under way, only a sweep every 100 ms comes in between. */
async function evalsha(redis: Redis): Promise<{ micros: number; calls: number }> {
  const stats = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await redis.info('commandstats'));
  return { calls: Number(stats?.[1] ?? 0), micros: Number(stats?.[2] ?? 0) };
}

/** Far from each other: an odd step that 5 does not divide visits every seat once. */
const seatOf = (n: number, seats: number) => (n * 7919) % seats;
