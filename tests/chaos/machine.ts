import { readFile } from 'node:fs/promises';

/**
 * How long something may take is promised for a machine that does the work it is given. One that is full, or that others
 * take the processors from, does less in a second: limits count its seconds by what it could do in them.
 */

/** Up to here a share of time in which somebody waits for a processor is what a busy service is like. */
const USUAL_WAITING = 0.5;
/** A second counts at least so much, or a service that has run wild would have all the time there is. */
const LEAST_SHARE = 0.25;

/** Running sums, in units of their own. Null where the system does not tell. */
interface Counted {
  total: number;
  stolen: number;
  waitedUs: number;
  at: number;
}

async function count(): Promise<Counted | null> {
  const read = (file: string) => readFile(`/proc/${file}`, 'utf8').catch(() => '');
  const [stat, pressure] = await Promise.all([read('stat'), read('pressure/cpu')]);
  const [line = ''] = stat.split('\n');
  const jiffies = line.trim().split(/\s+/).slice(1, 9).map(Number);
  if (jiffies.length < 8) return null;
  return {
    total: jiffies.reduce((sum, one) => sum + one, 0),
    stolen: jiffies[7] ?? 0,
    waitedUs: Number(/^some .*total=(\d+)/m.exec(pressure)?.[1] ?? 0),
    at: performance.now()
  };
}

/** Of what an unhindered machine does, the share this one did between two counts. */
export function shareOf(before: Counted, now: Counted): number {
  const stolen = (now.stolen - before.stolen) / Math.max(1, now.total - before.total);
  const waited = (now.waitedUs - before.waitedUs) / 1000 / Math.max(1, now.at - before.at);
  const free = Math.min(1, (1 - waited) / (1 - USUAL_WAITING));
  return Math.max(LEAST_SHARE, Math.min(1, (1 - stolen) * free));
}

/** Each call answers for the time since the one before it. */
export function measureMachine(): () => Promise<number> {
  let before = count();
  return async () => {
    const [last, now] = [await before, await count()];
    before = Promise.resolve(now);
    return last && now ? shareOf(last, now) : 1;
  };
}

/** When so many ms of an unhindered machine have passed since `start`. Each look tells of the time since the one before it. */
export function later(start: number, ms: number, looks: readonly { at: number; share: number }[]): number {
  let [at, left] = [start, ms];
  for (const look of looks) {
    if (look.at <= at) continue;
    const took = (look.at - at) * look.share;
    if (took >= left) return at + left / look.share;
    [at, left] = [look.at, left - took];
  }
  return at + left;
}
