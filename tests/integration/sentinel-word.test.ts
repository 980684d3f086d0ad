import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type EmbeddedRedis } from '../../server/embedded/redis.ts';
import { connected, connectRedis } from '../../server/redis/connections.ts';
import { until } from './house.ts';
import { wait } from './visitors.ts';

/**
 * A Sentinel whose word of a new master comes while it is being asked for the master, which a real one does once in a
 * hundred times. Redis itself is a real one.
 */
const log = pino({ level: 'silent' });
let home: string;
let redis: EmbeddedRedis;
let sentinel: Server;
let at: { host: string; port: number };
const told = new Set<Socket>();
let beforeTheAnswer: () => Promise<void> = () => Promise.resolve();

const text = (part: string) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`;
const words = (...parts: string[]) => `*${parts.length}\r\n${parts.map(text).join('')}`;
/** RESP3's kind of answer that nobody has asked for. */
const push = (...parts: string[]) => `>${parts.length}\r\n${parts.join('')}`;

async function answer(socket: Socket, command: string[]): Promise<void> {
  const [name, first] = command.map((word) => word.toLowerCase());
  if (name === 'subscribe') {
    told.add(socket);
    socket.write(push(text('subscribe'), text(command[1] ?? ''), ':1\r\n'));
  } else if (name === 'sentinel' && first === 'get-master-addr-by-name') {
    await beforeTheAnswer();
    socket.write(words('127.0.0.1', new URL(redis.url).port));
  } else socket.write(name === 'sentinel' ? '*0\r\n' : '+OK\r\n');
}

const switchMaster = () => {
  for (const socket of told)
    socket.write(push(...['message', '+switch-master', 'seats 127.0.0.1 1 127.0.0.1 2'].map(text)));
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fullhouse-sentinel-word-'));
  redis = await startRedis(home, () => undefined, { folder: 'redis', programDir: resolve('.data') });
  sentinel = createServer((socket) => {
    let asked = '';
    socket.on('error', () => undefined).on('close', () => told.delete(socket));
    socket.on('data', (data) => {
      asked += data.toString();
      for (;;) {
        const command = /^\*(\d+)\r\n/.exec(asked);
        if (!command) return;
        const parts = asked.slice(command[0].length).split('\r\n');
        const length = Number(command[1]) * 2;
        if (parts.length <= length) return;
        asked = parts.slice(length).join('\r\n');
        void answer(
          socket,
          parts.slice(0, length).filter((_, index) => index % 2 === 1)
        );
      }
    });
  });
  await new Promise<void>((done) => void sentinel.listen(0, '127.0.0.1', done));
  at = { host: '127.0.0.1', port: (sentinel.address() as AddressInfo).port };
});
afterAll(async () => {
  sentinel.close();
  await redis.stop();
  await rm(home, { recursive: true, force: true });
});

describe('Sentinel’s word of a new master', () => {
  it('that comes while a connection asks for the master does not end it for good', async () => {
    const connections = connectRedis({ redisUrl: redis.url, redisSentinels: { group: 'seats', at: [at] } }, log);
    const heard: string[] = [];
    connections.hints.onMessage((channel) => heard.push(channel));
    connections.hints.subscribe('a-show');
    await connected(connections.commands, 10_000);
    await until('all four listen to the Sentinel', () => told.size === 4);

    let asks = 0;
    beforeTheAnswer = async () => {
      if (asks++ >= 4) return;
      switchMaster();
      await wait(100);
    };
    const other = new Redis(redis.url);
    await other.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await other.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until('each was told in the moment it asked', () => asks >= 4);

    await until('commands are answered again', () => connections.commands.ping().then(Boolean, () => false));
    await until('hints are heard again', async () => {
      await other.publish('a-show', 'changed');
      return heard.includes('a-show');
    });
    other.disconnect();
    await connections.close();
  });

  it('leaves nothing behind when a server stops while Redis is away', async () => {
    const connections = connectRedis({ redisUrl: redis.url, redisSentinels: { group: 'seats', at: [at] } }, log);
    const { subscribe } = connections.adapter as { subscribe: Redis };
    await connected(subscribe, 10_000);
    beforeTheAnswer = async () => void (await wait(1000));
    subscribe.disconnect(true);
    await until('it asks where Redis is', () => subscribe.status === 'connecting');
    // As Socket.IO does, which waits for neither: what is thrown here, nobody catches.
    const ended = [subscribe.punsubscribe('rooms*'), subscribe.unsubscribe('asked', 'answered')];
    await connections.close();
    expect(await Promise.allSettled(ended)).toEqual([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
  });
});
