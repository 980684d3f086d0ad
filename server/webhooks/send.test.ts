import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSender, retryAfter } from './send.ts';

/** A receiver on this machine's own address, which is as private as an address can be. */
let server: Server;
let port: number;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
beforeEach(() => {
  asked = [];
  answer = (_, response) => response.end('thank you');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const strict = createSender({ allowPrivate: false, timeoutMs: 1000 });
const local = createSender({ allowPrivate: ['127.0.0.0/8'], timeoutMs: 1000 });
/** A DNS server that answers something else each time. */
const answering = (...rounds: { address: string; family: number }[][]): LookupFunction => {
  let n = 0;
  return (_, options, done) => {
    const found = rounds[Math.min(n++, rounds.length - 1)] ?? [];
    if (options.all) done(null, found);
    else done(null, found[0]?.address ?? '', found[0]?.family);
  };
};
const PUBLIC = { address: '93.184.215.14', family: 4 };
const OURS = { address: '127.0.0.1', family: 4 };
const REFUSED = 'The address is not a public one, and those are refused.';

it.each([
  ['120', 120_000],
  ['Sun, 22 Nov 2026 09:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 08:00:00 GMT', null],
  ['0', null],
  ['-5', null],
  ['soon', null],
  [undefined, null]
])('Retry-After: %s is %s ms from now', (said, ms) => {
  expect(retryAfter(said, Date.parse('2026-11-22T09:00:00Z'))).toBe(ms);
});

describe('an address that is not public', () => {
  it.each([
    ...['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '127.1', '0.0.0.0', '[::]'],
    ...['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '10.0.0.1'],
    ...['192.168.1.1', '172.16.0.1', '169.254.169.254', '100.64.0.1', '[fd00::1]', '[fe80::1]', '[fc00::1]']
  ])('%s is refused, and nobody there hears of it', async (host) => {
    expect(await strict(`http://${host}:${port}/`, '{}', {})).toMatchObject({ status: null, error: REFUSED });
    expect(await strict(`https://${host}:${port}/`, '{}', {})).toMatchObject({ status: null, error: REFUSED });
    expect(asked).toEqual([]);
  });

  it('is refused behind a name, also when the name had a public one the time before', async () => {
    const send = createSender({ allowPrivate: false, timeoutMs: 150, lookup: answering([PUBLIC], [OURS]) });
    const first = await send(`http://rebinding.example:${port}/`, '{}', {});
    expect(first.error).not.toBe(REFUSED);
    expect((await send(`http://rebinding.example:${port}/`, '{}', {})).error).toBe(REFUSED);
    expect(asked).toEqual([]);
  });

  it('is refused when it stands beside a public one', async () => {
    const send = createSender({ allowPrivate: false, timeoutMs: 150, lookup: answering([PUBLIC, OURS]) });
    expect((await send(`http://both.example:${port}/`, '{}', {})).error).toBe(REFUSED);
  });

  it('is not reached by a redirect', async () => {
    answer = (_, response) => response.writeHead(307, { location: `http://[::1]:${port}/inside` }).end();
    expect(await local(`http://127.0.0.1:${port}/`, '{}', {})).toMatchObject({
      status: 307,
      error: 'It answered 307, and redirects are not followed.'
    });
    expect(asked).toEqual(['/']);
  });

  it('can be allowed: all of them, or some networks', async () => {
    const all = createSender({ allowPrivate: true, timeoutMs: 1000 });
    expect(await all(`http://[::1]:${port}/`, '{}', {})).toMatchObject({ status: 200, error: null });
    expect(await local(`http://127.0.0.1:${port}/`, '{}', {})).toMatchObject({ status: 200, answer: 'thank you' });
    expect(await local(`http://[::1]:${port}/`, '{}', {})).toMatchObject({ error: REFUSED });
    const named = { allowPrivate: ['127.0.0.0/8', 'fd00::/8'], timeoutMs: 1000, lookup: answering([OURS]) };
    expect(await createSender(named)(`http://inside.example:${port}/`, '{}', {})).toMatchObject({ status: 200 });
  });
});

describe('a receiver', () => {
  it('that does not answer is waited for no longer than that', async () => {
    answer = () => undefined;
    const send = createSender({ allowPrivate: true, timeoutMs: 200 });
    const sent = await send(`http://127.0.0.1:${port}/`, '{}', {});
    expect(sent).toMatchObject({ status: null, error: 'No answer within 0.2 seconds.' });
    expect(sent.tookMs).toBeLessThan(1000);
  });

  it('that answers without an end is believed at its status, and one kilobyte of it is kept', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write(`\0${'ä'.repeat(400)}`), 1);
      response.on('close', () => clearInterval(more));
    };
    const sent = await local(`http://127.0.0.1:${port}/`, '{}', {});
    expect(sent).toMatchObject({ status: 200, error: null });
    expect(Buffer.byteLength(sent.answer)).toBeGreaterThan(1000);
    expect(Buffer.byteLength(sent.answer)).toBeLessThanOrEqual(1030);
    expect(sent.answer).not.toContain('\0');
  });

  it('that is not there, or says no, is described in words', async () => {
    expect((await local('http://127.0.0.1:1/', '{}', {})).error).toContain('It could not be reached');
    answer = (_, response) => response.writeHead(503).end('later');
    expect(await local(`http://127.0.0.1:${port}/`, '{}', {})).toMatchObject({
      error: 'It answered 503.',
      answer: 'later'
    });
  });
});
