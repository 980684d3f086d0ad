import { Redis } from 'ioredis';
import { createKeys } from '../../server/redis/keys.ts';
import { defineScripts } from '../../server/redis/scripts.ts';
import { seatScripts } from '../../server/seats/seat-state.ts';
import { openHouse } from '../integration/house.ts';
import { alternate, inFlight, type Bench, type Round } from './bench.ts';
import { openShows } from './hall.ts';

const SHOWS = 20;
const SEATS = 1500;
const WIDTH = 64;
const CALLS = SHOWS * SEATS;

export const holdScript: Bench = {
  name: 'hold-script',
  what: `hold.lua calls/s of one ioredis client, ${WIDTH} in flight, one seat each, over ${SHOWS} shows`,
  baseline: 'SET key value PX of the same client',
  rows: [{ case: '', unit: 'calls/s', goal: { atLeast: 0.4 } }],

  async run(context, progress) {
    const config = await context.config();
    const house = await openHouse(config);
    const redis = new Redis(config.redisUrl);
    const keys = createKeys(config.redisPrefix);
    const scripts = defineScripts<'hold'>(redis, seatScripts());
    const perSecond = async (work: (n: number) => Promise<unknown>) => {
      const started = performance.now();
      await inFlight(CALLS, WIDTH, work);
      return CALLS / ((performance.now() - started) / 1000);
    };

    const holds = async () => {
      const shows = (await openShows(house, SHOWS, SEATS)).map((show) => show.id);
      return perSecond(async (n) => {
        const show = shows[n % SHOWS] ?? '';
        const seat = Math.floor(n / SHOWS);
        const args = [`g_buyer-${n}`, `${show}.${n}`, 600_000, 1_800_000, `request-${n}`, '', '', seat];
        const [status] = await scripts.run('hold', keys.show(show).script, args);
        if (status !== 'OK') throw new Error(`hold.lua answered ${status}`);
      });
    };
    let sets = 0;
    const bareSets = () => {
      const some = `${config.redisPrefix}set-${sets++}-`;
      return perSecond((n) => redis.set(`${some}${n}`, `abcdefghijkl.${n}`, 'PX', 600_000));
    };

    const rounds: Round[] = [];
    try {
      await bareSets();
      await holds();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push({ case: '', ...(await alternate(n, holds, bareSets)) });
      }
    } finally {
      redis.disconnect();
      await house.close();
    }
    return rounds;
  }
};
