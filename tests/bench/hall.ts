import { createBuyerTokens } from '../../server/accounts/buyer-token.ts';
import { loadConfig, type Config } from '../../server/config.ts';
import { makeShow, type MadeShow } from '../integration/shows.ts';
import { must, openHouse, type House } from '../integration/house.ts';
import { clock, sleep, type Context } from './bench.ts';
import { startChild, type Child } from '../../server/child.ts';
import type { CrowdApi } from './processes/crowd.ts';
import type { NodeApi } from './processes/node.ts';

/** A node of the service in a process of its own, a crowd of clients in another, and a hand on the seats in this one. */
export interface Hall {
  config: Config;
  node: Child<NodeApi>;
  nodeUrl: string;
  crowd: Child<CrowdApi>;
  house: House;
  close(): Promise<void>;
}

export const hallEnvironment = (context: Context) => context.environment({ WORKER: 'separate' });

/** `given` opens it again on the database of another time. */
export async function openHall(context: Context, given?: Record<string, string>): Promise<Hall> {
  const environment = given ?? (await hallEnvironment(context));
  const config = loadConfig(environment);
  const [node, crowd, house] = await Promise.all([
    startChild<NodeApi>(`${import.meta.dirname}/processes/node.ts`, environment),
    startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`),
    openHouse(config)
  ]);
  const nodeUrl = await node.ask('url', undefined);
  return {
    ...{ config, node, nodeUrl, crowd, house },
    async close() {
      await crowd.stop();
      await node.stop();
      await house.close();
    }
  };
}

/** Shows of this many seats, with their maps in Redis. */
export async function openShows(house: House, count: number, capacity: number, cap = 8): Promise<MadeShow[]> {
  const shows: MadeShow[] = [];
  for (let n = 0; n < count; n++) {
    const show = await makeShow(house.db, capacity, { cap });
    must((await house.seats.rebuild(show.id)) ?? null);
    shows.push(show);
  }
  return shows;
}

export const buyerTokens = (config: Config, count: number): string[] => {
  const tokens = createBuyerTokens(config.secret);
  return Array.from({ length: count }, () => tokens.issue().token);
};

/** Opens `viewers` sockets that watch a show of `seats` seats. */
export async function fillHall(hall: Hall, viewers: number, seats: number, cap = 8): Promise<MadeShow> {
  const [show] = await openShows(hall.house, 1, seats, cap);
  if (!show) throw new Error('a hall without a show');
  await hall.crowd.ask('open', { url: hall.nodeUrl, count: viewers });
  await hall.crowd.ask('watch', { show: show.id });
  return show;
}

/**
 * Holds seats of the show one by one, `perSecond` of them, spread evenly over `seconds` and over the hall. Calls of one
 * stir after another go on where the last one stopped.
 */
export function stirrer(house: House, show: string, capacity: number) {
  let next = 0;
  // Any odd step that 5 does not divide visits all seats of a hall of 100,000 before it comes back.
  const STEP = 7919;
  const STEP_MS = 10;
  return async (perSecond: number, seconds: number): Promise<void> => {
    const start = clock();
    const calls: Promise<unknown>[] = [];
    for (let done = 0; done < perSecond * seconds;) {
      const due = Math.min(perSecond * seconds, Math.ceil((perSecond * (clock() - start)) / 1000));
      for (; done < due; done++) {
        const n = next++;
        const seat = (n * STEP) % capacity;
        calls.push(house.seats.hold(show, `g_stir-${n}`, [seat], `stir-${n}`).then(must));
      }
      await sleep(STEP_MS);
    }
    await Promise.all(calls);
  };
}

/** A crowd needs a file descriptor for each socket, on both sides. One clear line where the machine allows fewer. */
export function demandDescriptors(count: number): void {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = report.userLimits?.open_files?.soft;
  if (typeof soft === 'number' && soft < count + 200) {
    throw new Error(`this machine allows ${soft} open files a process, and ${count + 200} are needed: see ulimit -n`);
  }
}
