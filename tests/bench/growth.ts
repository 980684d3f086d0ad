import { Redis } from 'ioredis';
import { createKeys } from '../../server/redis/keys.ts';
import { createSeatState, seatScripts } from '../../server/seats/seat-state.ts';
import { openHouse, type House } from '../integration/house.ts';
import { alternate, type Bench, type Round } from './bench.ts';
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
        await hand.hold(show.id, seats, 0, holds, 'open');
        shows.set(`${seats}/${holds}`, show.id);
      }
      const cost = ([seats, holds]: readonly [number, number]) =>
        hand.cost(shows.get(`${seats}/${holds}`) ?? '', seats, holds);
      for (const pair of Object.values(CASES).flat()) await cost(pair);
      for (let n = 1; n <= context.rounds; n++) {
        for (const [name, [large, small]] of Object.entries(CASES)) {
          progress(n, name);
          const measured = await alternate(
            n,
            () => cost(large),
            () => cost(small)
          );
          rounds.push({ case: name, ...measured });
        }
      }
    } finally {
      hand.close();
      await house.close();
    }
    return rounds;
  }
};

/** Holds and gives back on a connection of its own. */
function openHand(house: House) {
  const redis = new Redis(house.config.redisUrl);
  const keys = createKeys(house.config.redisPrefix);
  const state = createSeatState(redis, keys);
  const release = seatScripts().get('release') ?? '';

  /** `count` holds of one seat each, spread over the show, from the `first` on. */
  async function hold(show: string, seats: number, first: number, count: number, who: string) {
    for (let from = first; from < first + count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, first + count - from) }, (_, n) => from + n);
      const answers = await Promise.all(
        some.map((n) =>
          state.hold(show, `g_${who}-${n}`, `${show}.${who}${n}`, 600_000, 600_000, 'r', [seatOf(n, seats)])
        )
      );
      if (answers.some(({ is }) => is !== 'hold')) throw new Error('a hold was refused');
    }
  }

  /** EVAL, not EVALSHA: so that commandstats keeps it apart from the holds. */
  async function giveBack(show: string, first: number, count: number) {
    const numbers = Array.from({ length: count }, (_, n) => first + n);
    await Promise.all(numbers.map((n) => redis.eval(release, 6, ...keys.show(show).script, `g_new-${n}`, '')));
  }

  return {
    hold,
    close: () => redis.disconnect(),
    /** µs of Redis for one hold, with about `open` holds open all the time. */
    async cost(show: string, seats: number, open: number): Promise<number> {
      await redis.config('RESETSTAT');
      for (let done = 0; done < CALLS; done += AT_ONCE) {
        await hold(show, seats, open, AT_ONCE, 'new');
        await giveBack(show, open, AT_ONCE);
      }
      const stats = /cmdstat_evalsha:calls=(\d+),usec=(\d+)/.exec(await redis.info('commandstats'));
      if (!stats) throw new Error('Redis counted no EVALSHA');
      return Number(stats[2]) / Number(stats[1]);
    }
  };
}

/** Far from each other: an odd step that 5 does not divide visits every seat once. */
const seatOf = (n: number, seats: number) => (n * 7919) % seats;
