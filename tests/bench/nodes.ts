import { Redis } from 'ioredis';
import { decodeSeats } from '../../src/lib/domain/seat-map.ts';
import { seatsFrame } from '../../src/lib/domain/protocol.ts';
import { loadConfig } from '../../server/config.ts';
import { startChild, type Child } from '../../server/child.ts';
import { must, openHouse } from '../integration/house.ts';
import { clock, sleep } from './bench.ts';
import { openContext } from './context.ts';
import { percentile } from './figures.ts';
import { buyerTokens, openShows } from './hall.ts';
import type { CrowdApi, Heard } from './processes/crowd.ts';
import type { NodeApi } from './processes/node.ts';

/**
 * `node server/embedded/run.js tests/bench/nodes.ts [1 2 4]`: the same load on so many nodes of this machine, as a table in Markdown. Nodes,
 * Redis, Postgres and both crowds share its cores: what more nodes bring is to be seen only where there are cores for them.
 */
const COUNTS = process.argv.slice(2).map(Number);
const CLICKERS = 1280;
const SHOWS = 6;
const WIDTH = 64;
const VIEWERS = 1200;
const STIRS = 150;
const STIR_MS = 21;
const SETTLE_MS = 500;

interface Line {
  nodes: number;
  holdsPerSecond: number;
  nodeCpuPerHold: number;
  redisPerHold: number;
  delay: { p50: number; p99: number };
  frameCpu: number;
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const context = await openContext(1, say);
const lines: Line[] = [];
try {
  for (const count of COUNTS.length > 0 ? COUNTS : [1, 2, 4]) {
    say(`${count} node(s) …`);
    lines.push(await measure(count));
    await context.forget();
  }
} finally {
  await context.close();
}
console.log(
  '| nodes | holds/s | µs of node CPU a hold | µs of Redis a hold | click seen by the last viewer, p50 | p99 | µs of node CPU a viewer and frame |'
);
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const { nodes, holdsPerSecond, nodeCpuPerHold, redisPerHold, delay, frameCpu } of lines)
  console.log(
    `| ${nodes} | ${holdsPerSecond.toFixed(0)} | ${nodeCpuPerHold.toFixed(0)} | ${redisPerHold.toFixed(0)} | ${delay.p50.toFixed(0)} ms | ${delay.p99.toFixed(0)} ms | ${frameCpu.toFixed(1)} |`
  );
process.exit(0);

async function measure(count: number): Promise<Line> {
  const environment = await context.environment({ WORKER: 'separate', LIMIT_SOCKET_COMMANDS: '100000' });
  const config = loadConfig(environment);
  const house = await openHouse(config);
  const start = () => startChild<NodeApi>(`${import.meta.dirname}/processes/node.ts`, environment);
  const nodes = await Promise.all(Array.from({ length: count }, start));
  const urls = await Promise.all(nodes.map((node) => node.ask('url', undefined)));
  const crowd = () => startChild<CrowdApi>(`${import.meta.dirname}/processes/crowd.ts`);
  const [clickers, viewers] = [await crowd(), await crowd()];
  const redis = new Redis(config.redisUrl);
  const cpu = async () => {
    const used = await Promise.all(nodes.map((node) => node.ask('usage', {})));
    return used.reduce((sum, each) => sum + each.cpu, 0);
  };
  try {
    const tokens = buyerTokens(config, CLICKERS);
    const share = CLICKERS / count;
    for (const [n, url] of urls.entries())
      await clickers.ask('open', { url, count: share, tokens: tokens.slice(n * share, (n + 1) * share) });
    const open = async () => (await openShows(house, SHOWS, CLICKERS)).map(({ id }) => id);
    await clickers.ask('click', { shows: await open(), width: WIDTH });
    const shows = await open();
    const [cpuBefore, redisBefore, began] = [await cpu(), await scriptTime(redis), clock()];
    await clickers.ask('click', { shows, width: WIDTH });
    const took = clock() - began;
    const holds = SHOWS * CLICKERS;
    const [nodeCpuPerHold, redisPerHold] = [
      ((await cpu()) - cpuBefore) / holds,
      ((await scriptTime(redis)) - redisBefore) / holds
    ];

    for (const url of urls) await viewers.ask('open', { url, count: VIEWERS / count });
    const [show] = await openShows(house, 1, 10_000);
    if (!show) throw new Error('there is no show');
    await viewers.ask('watch', { show: show.id });
    await stir(house, show.id, 0);
    await viewers.ask('heard', undefined);
    const frameCpuBefore = await cpu();
    const acked = await stir(house, show.id, STIRS);
    await sleep(SETTLE_MS);
    const frameCpu = (await cpu()) - frameCpuBefore;
    const heard = await viewers.ask('heard', undefined);
    const delays = delaysOf(heard, acked);
    const copies = heard.reduce((sum, frame) => sum + frame.count, 0);
    return {
      ...{ nodes: count, holdsPerSecond: (1000 * holds) / took, nodeCpuPerHold, redisPerHold },
      delay: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) },
      frameCpu: frameCpu / copies
    };
  } finally {
    await stopAll([clickers, viewers, ...nodes]);
    redis.disconnect();
    await house.close();
  }
}

/** Holds one seat after the other from outside, and answers when each was acknowledged. */
async function stir(house: Awaited<ReturnType<typeof openHouse>>, show: string, first: number) {
  const acked = new Map<number, number>();
  for (let seat = first; seat < first + STIRS; seat++) {
    void house.seats.hold(show, `g_stir-${seat}`, [seat], `stir-${seat}`).then((answer) => {
      must(answer);
      acked.set(seat, clock());
    });
    await sleep(STIR_MS);
  }
  return acked;
}

/** Each node makes frames of its own: a seat has been seen by all when the frames that name it have reached all. */
function delaysOf(heard: readonly Heard[], acked: ReadonlyMap<number, number>): number[] {
  const seen = new Map<number, { viewers: number; last: number }>();
  for (const { text, count, last } of heard) {
    const frame = seatsFrame.parse((JSON.parse(text) as [string, unknown])[1]);
    for (const seat of decodeSeats(frame.held ?? [])) {
      const known = seen.get(seat) ?? { viewers: 0, last: 0 };
      seen.set(seat, { viewers: known.viewers + count, last: Math.max(known.last, last) });
    }
  }
  return [...acked].map(([seat, at]) => {
    const of = seen.get(seat);
    if (of?.viewers !== VIEWERS) throw new Error(`${of?.viewers ?? 0} of ${VIEWERS} viewers have seen seat ${seat}`);
    return Math.max(0, of.last - at);
  });
}

/** What Redis has spent on scripts so far (µs). */
async function scriptTime(redis: Redis): Promise<number> {
  const info = await redis.info('commandstats');
  return Number(/cmdstat_evalsha:calls=\d+,usec=(\d+)/.exec(info)?.[1] ?? 0);
}

async function stopAll(children: readonly Pick<Child<CrowdApi>, 'stop'>[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}
