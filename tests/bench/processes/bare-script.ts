import { Redis } from 'ioredis';
import { createKeys } from '../../../server/redis/keys.ts';
import { seatScripts } from '../../../server/seats/seat-state.ts';
import { inFlight } from '../bench.ts';
import { answerParent, usage } from '../../../server/child.ts';

/** ioredis sending hold.lua by EVALSHA and nothing else: what a click costs where nobody checks or answers anything. */
const redis = new Redis(process.env['REDIS_URL'] ?? '');
const keys = createKeys(process.env['REDIS_PREFIX'] ?? '');
const source = seatScripts().get('hold') ?? '';

export interface Holds {
  shows: readonly string[];
  seatsPerShow: number;
  width: number;
}

const api = {
  /** Every seat of every show, one hold each; answers the CPU used in µs. */
  async hold({ shows, seatsPerShow, width }: Holds): Promise<number> {
    const sha = String(await redis.script('LOAD', source));
    const before = usage().cpu;
    await inFlight(shows.length * seatsPerShow, width, async (n) => {
      const [show = '', seat] = [shows[Math.floor(n / seatsPerShow)], n % seatsPerShow];
      const args = [`g_bare-buyer-number-${seat}`, `${show}.${n}`, 600_000, 1_800_000, `request-${n}`, '', '', seat];
      const answer = await redis.evalsha(sha, 6, ...keys.show(show).script, ...args);
      if (!Array.isArray(answer) || answer[0] !== 'OK') throw new Error(`hold.lua answered ${String(answer)}`);
    });
    return usage().cpu - before;
  }
};
export type BareScriptApi = typeof api;
answerParent(api, () => redis.disconnect());
