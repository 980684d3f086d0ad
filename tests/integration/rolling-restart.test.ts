import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createAccounts } from '../../server/accounts/accounts.ts';
import { createPasswords } from '../../server/accounts/passwords.ts';
import { loadConfig } from '../../server/config.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { createLog } from '../../server/log.ts';
import { call } from './api-server.ts';
import { environmentOn } from './configuration.ts';
import { must } from './house.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { startProcess, type ServiceProcess } from './service-process.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { until, wait, type Ack } from './visitors.ts';

/**
 * A release, as it happens: two nodes behind a proxy that are replaced one after the other while buyers buy, after the
 * new version's migration has widened the tables under the old one's feet.
 */
const BUYERS = 6;
const WATCHERS = 40;
const DRAIN = { DRAIN_WAIT_MS: '400', DRAIN_SOCKETS_MS: '1500' };

let environment: Record<string, string>;
let db: Database;
let proxy: Proxy;
let show: MadeShow;
/** The next version's nodes, which wait for their turn. */
const next: ServiceProcess[] = [];
const running: ServiceProcess[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  const port = await freePort();
  environment = await environmentOn(
    { postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') },
    { ORIGIN: `http://127.0.0.1:${port}`, WORKER: 'separate', ...DRAIN }
  );
  db = openDatabase(environment['DATABASE_URL'] ?? '', createLog('silent', false));
  show = await makeShow(db, 120);
  proxy = await openProxy({ port });
  const nodes = await Promise.all(Array.from({ length: 3 }, () => startProcess('main', environment)));
  next.push(...nodes);
  begin();
  begin();
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  for (const node of [...running, ...next]) node.signal('SIGKILL');
  await proxy.close();
  await db.close();
});

function begin(): void {
  const node = next.shift();
  if (!node) throw new Error('there are no more nodes');
  running.push(node);
  proxy.add(node.url);
}

/** Whether it says that it is not ready while it still lives: a proxy needs a moment to look. */
async function saysNo(url: string): Promise<boolean> {
  const status = (path: string) =>
    fetch(`${url}${path}`).then(
      (answer) => answer.status,
      () => null
    );
  for (let looks = 0; looks < 20; looks++) {
    const ready = await status('/readyz');
    if (ready !== 200) return ready === 503 && (await status('/livez')) === 200;
    await wait(10);
  }
  return false;
}

/** Asks the oldest node to go, as a deployment does, and waits until it has gone. */
async function retireOldest(): Promise<number | null> {
  const oldest = running.shift();
  if (!oldest) throw new Error('no node runs');
  oldest.signal('SIGTERM');
  expect(await saysNo(oldest.url), 'not ready, and alive').toBe(true);
  const code = await oldest.ended;
  proxy.remove(oldest.url);
  return code;
}

const open = (auth: Record<string, string>) => {
  const socket = io(proxy.url, { auth, transports: ['websocket'], forceNew: true, reconnectionDelay: 100 });
  sockets.push(socket);
  return socket;
};

/** As a page does it: the answer was lost with the connection, so the same request is sent again. */
async function holdOnce(socket: Socket, seats: number[]): Promise<Ack> {
  const requestId = randomUUID();
  for (let tries = 1; ; tries++) {
    try {
      return (await socket.timeout(1000).emitWithAck('seats:hold', { showId: show.id, seats, requestId })) as Ack;
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

interface Tally {
  booked: string[];
  failures: string[];
}

/** Holds a seat, books it, and gives it up again, as often as there is time. */
async function buy(token: string, seat: number, tally: Tally, until: { over: boolean }) {
  const socket = open({ token });
  const ask = async (what: string, given: Parameters<typeof call>[2], expected: number) => {
    const answer = await call(proxy.url, what, { token, ...given }).catch((error: unknown) => String(error));
    if (typeof answer !== 'string' && answer.status === expected) return answer.body;
    tally.failures.push(`${what}: ${typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`}`);
    return null;
  };
  while (!until.over) {
    const held = await holdOnce(socket, [seat]);
    if (!held.ok) {
      tally.failures.push(`seat ${seat}: ${held.code ?? ''}`);
      continue;
    }
    const { id: holdId } = held['hold'] as { id: string };
    const body = await ask('POST /bookings', { body: { holdId }, headers: { 'idempotency-key': holdId } }, 201);
    if (!body) continue;
    const { id } = body['booking'] as { id: string };
    tally.booked.push(id);
    await ask(`POST /bookings/${id}/cancel`, {}, 200);
    await wait(20);
  }
}

describe('a rolling restart under load', () => {
  it('fails no checkout, and lets sockets go one by one', { timeout: 60_000 }, async () => {
    const config = loadConfig(environment);
    const accounts = createAccounts({
      ...{ db, config, log: createLog('silent', false), passwords: createPasswords() }
    });
    const tokens = await Promise.all(
      Array.from({ length: BUYERS }, async (_, n) => {
        const email = `buyer${n}-${randomUUID()}@test.example`;
        return must(await accounts.signUp({ email, password: 'a long enough password', name: 'Ada' }, null)).token;
      })
    );
    const watchers = Array.from({ length: WATCHERS }, () => open({ buyerToken: accounts.issueBuyer().token }));
    await until(() => watchers.every(({ connected }) => connected));
    const leftAt: number[] = [];
    const reasons = new Set<string>();
    for (const socket of watchers) {
      socket.on('disconnect', (reason) => {
        leftAt.push(performance.now());
        reasons.add(reason);
      });
    }

    const tally: Tally = { booked: [], failures: [] };
    const end = { over: false };
    const buyers = tokens.map((token, n) => buy(token, n, tally, end));
    await until(() => tally.booked.length >= 2 * BUYERS, 20_000);

    // What the next version's migration may do; server/db/migrations.test.ts says what it may not.
    const tables = await db.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`
    );
    for (const { name } of tables.rows) await db.query(`alter table ${name} add column next_version text`);
    begin();
    const codes = [await retireOldest()];
    const left = leftAt.splice(0).sort((a, b) => a - b);
    await until(() => watchers.every(({ connected }) => connected), 10_000);
    codes.push(await retireOldest());
    const booked = tally.booked.length;
    await until(() => tally.booked.length >= booked + BUYERS, 20_000);
    end.over = true;
    await Promise.all(buyers);

    expect(tally.failures).toEqual([]);
    expect(codes).toEqual([0, 0]);
    const found = await db.query<{ id: string }>('select id from booking where id = any($1)', [tally.booked]);
    expect(found.rowCount).toBe(new Set(tally.booked).size);
    const twice = await db.query(
      'select 1 from booking_seat where live group by show_id, seat_index having count(*) > 1'
    );
    expect(twice.rowCount).toBe(0);

    // About half of them were on the first node: spread over the time that is given, and a broken line to each.
    expect(left.length).toBeGreaterThan(WATCHERS / 5);
    const spread = (left.at(-1) ?? 0) - (left.at(0) ?? 0);
    expect(spread).toBeGreaterThan(0.6 * Number(DRAIN.DRAIN_SOCKETS_MS));
    expect([...reasons]).toEqual(['transport close']);
  });
});
