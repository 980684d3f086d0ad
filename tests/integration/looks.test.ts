import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../server/log.ts';
import { createLooks, type Crowds, type Looks } from '../../server/live/looks.ts';
import { connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { noPages, say, until, visitorsOf } from './visitors.ts';

/** Where many look: counted on every node, told of crowds alone. */
let node: Running;
let show: MadeShow;
let redis: RedisConnections;
const log = createLog('silent', false);
const visitors = visitorsOf(() => [node]);

beforeAll(async () => {
  const config = await makeConfig({ WORKER: 'separate' });
  redis = connectRedis(config, log);
  node = await startServer(config, noPages);
  show = await makeShow(node.app.db, 40);
});
afterAll(async () => {
  visitors.leaveAll();
  await node.close();
  await redis.close();
});

describe('two nodes that count who looks where', () => {
  let counters: Looks[] = [];
  const told: Crowds[][] = [[], []];
  const [SHOW, EVERY_MS] = ['abcdefghijkl', 40];

  beforeAll(() => {
    const { keys } = node.app.seats;
    counters = told.map((heard, n) =>
      createLooks({
        ...{ redis: redis.commands, keys, node: `node-${n}`, everyMs: EVERY_MS },
        tell: (_, sections) => heard.push(sections),
        log
      })
    );
  });
  afterAll(() => {
    for (const counter of counters) counter.close();
  });
  const look = (n: number, section: string | null) =>
    counters[n % 2]?.look(SHOW, `person-${n}`, `socket-${n}`, section);
  const last = () => told.map((heard) => heard.at(-1));

  it('tell of ten on both together, and not of nine', async () => {
    for (let n = 0; n < 10; n++) look(n, 'circle');
    for (let n = 20; n < 29; n++) look(n, 'box');
    await until(() => last().every((crowds) => crowds?.['circle'] === 10));
    expect(last()).toEqual([{ circle: 10 }, { circle: 10 }]);
  });

  it('follow nobody: a person who goes is not seen to go, until too few are left to tell of', async () => {
    look(28, 'circle');
    for (let n = 30; n < 34; n++) look(n, 'circle');
    await until(() => told.every((heard) => heard.length > 0));
    const before = told.map((heard) => new Set(heard.map((crowds) => JSON.stringify(crowds))));
    counters[0]?.leave(SHOW, 'person-0', 'socket-0');
    await new Promise((resolve) => setTimeout(resolve, 6 * EVERY_MS));
    expect(last()).toEqual([{ circle: 10 }, { circle: 10 }]);
    for (const [n, words] of before.entries()) {
      expect(new Set(told[n]?.map((crowds) => JSON.stringify(crowds)))).toEqual(words);
    }
    for (let n = 1; n < 40; n++) look(n, null);
    await until(() => last().every((crowds) => JSON.stringify(crowds) === '{}'));
  });

  it('count a person once, however many tabs they have, and let another tab’s look stand', async () => {
    for (let n = 0; n < 30; n++) counters[0]?.look(SHOW, 'one', `tab-${n}`, 'floor');
    for (let n = 0; n < 9; n++) counters[1]?.look(SHOW, `other-${n}`, `socket-${n}`, 'floor');
    await until(() => last().every((crowds) => crowds?.['floor'] === 10));
    counters[0]?.leave(SHOW, 'one', 'tab-3');
    await new Promise((resolve) => setTimeout(resolve, 6 * EVERY_MS));
    expect(last()).toEqual([{ floor: 10 }, { floor: 10 }]);
    counters[0]?.leave(SHOW, 'one', 'tab-29');
    await until(() => last().every((crowds) => JSON.stringify(crowds) === '{}'));
  });
});

it('those who watch a show hear where many look, and only they can say where they do', async () => {
  const people = await Promise.all(Array.from({ length: 11 }, () => visitors.watch(0, show)));
  const [watcher] = people;
  const heard: { sections: Crowds }[] = [];
  watcher?.socket.on('looks', (event: { sections: Crowds }) => heard.push(event));
  for (const { socket } of people) {
    expect(await say(socket, 'show:look', { showId: show.id, section: 'stalls' })).toEqual({ ok: true });
  }
  const stranger = await visitors.guest(0);
  const refused = { ok: false, code: 'INVALID' };
  expect(await say(stranger, 'show:look', { showId: show.id, section: 'stalls' })).toMatchObject(refused);
  const long = { showId: show.id, section: 'x'.repeat(65) };
  expect(await say(people[1]?.socket ?? stranger, 'show:look', long)).toMatchObject(refused);
  await until(() => heard.length > 0, 8000);
  expect(heard[0]?.sections).toEqual({ stalls: 10 });
});
