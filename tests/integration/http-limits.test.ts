import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpLimits } from '../../server/http-limits.ts';
import { createLog } from '../../server/log.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { createKeys } from '../../server/redis/keys.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** How many calls one token, user and network have in a minute, over real HTTP and over two nodes. */
const LIMITS = {
  ...{ LIMIT_TOKEN_CALLS: '4', LIMIT_USER_CALLS: '30', LIMIT_NETWORK_CALLS: '12', LIMIT_NETWORK_SIGN_INS: '3' },
  ADDRESS_HEADER: 'x-forwarded-for'
};
let running: Running;
let redis: RedisConnections;
let networks = 0;
const someNetwork = () => `203.0.113.${++networks}`;
const from = (address: string) => ({ 'x-forwarded-for': address });

beforeAll(async () => {
  running = await startApi(await makeConfig(LIMITS));
  redis = connectRedis(running.app.config, createLog('silent', false));
  await connected(redis.commands, 5000);
});
afterAll(async () => {
  await redis.close();
  await running.close();
});

describe('calls of the API', () => {
  it('say how many are left, and when there are new ones', async () => {
    const headers = from(someNetwork());
    const first = await call(running.url, 'GET /events', { headers });
    expect(first.headers.get('ratelimit-policy')).toBe('"network";q=12;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"network";r=11;t=(60|59)$/);
    const second = await call(running.url, 'GET /events', { headers });
    expect(second.headers.get('ratelimit')).toMatch(/^"network";r=10;/);
  });

  it('are refused beyond the limit of a network, and that costs no other network anything', async () => {
    const headers = from(someNetwork());
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await call(running.url, 'GET /events', { headers })).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await call(running.url, 'GET /events', { headers });
    expect(refused.status).toBe(429);
    const { retryAfter } = refused.body as { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.body).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refused.headers.get('retry-after')).toBe(String(retryAfter));
    expect(refused.headers.get('ratelimit')).toBe(`"network";r=0;t=${retryAfter}`);
    expect((await call(running.url, 'GET /events', { headers: from(someNetwork()) })).status).toBe(200);
    const page = await fetch(running.url, { headers: { ...headers, accept: 'text/html' } });
    expect(page.status).toBe(429);
    expect(page.headers.get('retry-after')).toBe(page.headers.get('ratelimit')?.split('t=')[1]);
    expect(await page.text()).toContain('Try again in');
    // Files cost nothing to send and are not counted.
    const script = /\/_app\/[^"]+\.(?:js|css)/.exec(await (await fetch(`${running.url}/sign-in`)).text())?.[0] ?? '';
    expect((await fetch(`${running.url}${script}`, { headers })).status).toBe(200);
  });

  it('are counted for a token and for its owner, and not for a network that is not public', async () => {
    const owner = await person(running, 'organizer');
    const body = { name: 'Busy', scopes: ['catalogue:read'], days: 1 };
    const made = await call(running.url, 'POST /me/tokens', { token: owner.token, body });
    const token = String(made.body?.['text']);
    const answers = [];
    for (let n = 0; n < 5; n++)
      answers.push(await call(running.url, 'GET /shows', { token, headers: from('10.0.0.9') }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"token";q=4;w=60, "user";q=30;w=60');
    // Another of theirs, and they themselves, go on.
    expect((await call(running.url, 'GET /shows', { token: owner.token, headers: from('10.0.0.9') })).status).toBe(200);
  });

  it('are not counted when a gateway tells what was paid: all of its news come from a few addresses', async () => {
    const headers = from(someNetwork());
    const news = Array.from({ length: 20 }, () => call(running.url, 'POST /webhooks/sandbox', { headers, body: {} }));
    // Not signed, so not believed; but never put off.
    expect(new Set((await Promise.all(news)).map(({ status }) => status))).toEqual(new Set([400]));
    expect((await call(running.url, 'GET /events', { headers })).status).toBe(200);
  });

  it('that try to get in have a limit of their own, tokens that are not good among them', async () => {
    const headers = from(someNetwork());
    const body = () => ({ email: `${randomUUID()}@x.example`, password: 'not a password of theirs' });
    const tries = [];
    for (let n = 0; n < 2; n++)
      tries.push((await call(running.url, 'POST /auth/login', { headers, body: body() })).status);
    const token = `fh_${'a'.repeat(12)}_${'b'.repeat(43)}`;
    tries.push((await call(running.url, 'GET /shows', { headers, token })).status);
    tries.push((await call(running.url, 'POST /auth/login', { headers, body: body() })).status);
    expect(tries).toEqual([401, 401, 401, 429]);
    const form = await fetch(`${running.url}/sign-in`, {
      method: 'POST',
      headers: { ...headers, origin: running.url, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=a%40b.example&password=x'
    });
    expect(form.status).toBe(429);
    expect((await call(running.url, 'GET /events', { headers })).status).toBe(200);
  });
});

describe('the count', () => {
  const config = { callLimits: { token: 5, user: 5, network: 5, signIns: 5 } };
  const nobody = { token: null, user: null, address: null, signingIn: false };

  it('is one over all nodes', async () => {
    const keys = createKeys(running.app.config.redisPrefix);
    const nodes = [1, 2].map(() => createHttpLimits({ config, redis: redis.commands, keys }));
    const user = randomUUID();
    const paces = [];
    for (let n = 0; n < 6; n++) paces.push(await nodes[n % 2]?.count({ ...nobody, user }));
    expect(paces.map((pace) => pace?.refusal?.code ?? 'ok')).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'RATE_LIMITED']);
  });

  it('asks Redis for everything at once, and for nothing when nobody is counted', async () => {
    const keys = createKeys(`${running.app.config.redisPrefix}once`);
    const limits = createHttpLimits({ config, redis: redis.commands, keys });
    let sent = 0;
    let answered = 0;
    const order: string[] = [];
    const client = redis.commands;
    const send = client.sendCommand.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.sendCommand = ((...args: unknown[]) => {
      sent++;
      order.push('sent');
      const answer = send(...args);
      void answer.then(() => {
        answered++;
        order.push('answered');
      });
      return answer;
    }) as typeof client.sendCommand;
    await limits.count({ token: 't', user: 'u', address: '198.51.100.1', signingIn: true });
    expect(order.slice(0, 4)).toEqual(['sent', 'sent', 'sent', 'sent']);
    const before = sent;
    await limits.count(nobody);
    await limits.count({ ...nobody, address: '127.0.0.1' });
    client.sendCommand = send as typeof client.sendCommand;
    expect(sent).toBe(before);
    expect(answered).toBeGreaterThan(0);
  });

  it('goes on in this node while Redis is away: nobody is refused for that, and a flood still is', async () => {
    const away = connectRedis({ redisUrl: 'redis://127.0.0.1:1' }, createLog('silent', false));
    const limits = createHttpLimits({ config, redis: away.commands, keys: createKeys('away') });
    const codes = [];
    for (let n = 0; n < 6; n++) codes.push((await limits.count({ ...nobody, user: 'u' })).refusal?.code ?? 'ok');
    expect(codes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'RATE_LIMITED']);
    await away.close();
  });
});
