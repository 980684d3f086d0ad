import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { answersMetrics, createMetrics } from './metrics.ts';

const TOKEN = 'a token of the test';
const metrics = createMetrics();
const log = createLog('silent', false);
let token: string | null = null;
const server = createServer((request, response) => {
  if (!answersMetrics({ metrics, log, token }, request, response)) response.writeHead(404).end();
});
let url: string;
const ask = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${url}/metrics`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('GET /metrics', () => {
  it('tells this machine what was counted, and how the process is', async () => {
    metrics.cacheReads.inc({ result: 'hit' });
    const answer = await ask();
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') as unknown });
    expect(answer.text).toContain('fullhouse_cache_reads_total{result="hit"} 1');
    expect(answer.text).toContain('process_resident_memory_bytes');
    expect((await ask()).status).toBe(200);
  });

  it('tells nobody for whom a proxy on this machine speaks', async () => {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
      expect((await ask({ [name]: '203.0.113.7' })).status, name).toBe(404);
    }
  });

  it('asks for the token where there is one, of this machine too', async () => {
    token = TOKEN;
    expect((await ask()).status).toBe(404);
    expect((await ask({ authorization: `Bearer ${TOKEN}x` })).status).toBe(404);
    expect((await ask({ authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.7' })).status).toBe(200);
  });
});
