import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const complete = {
  ORIGIN: 'https://tickets.example',
  DATABASE_URL: 'postgres://u:p@localhost/fullhouse',
  REDIS_URL: 'redis://localhost',
  SMTP_URL: 'smtp://localhost:25',
  SECRET: 'a production secret of some forty letters'
};
const linesOf = (env: Record<string, string>) => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
};

describe('the configuration', () => {
  it('has the documented defaults', () => {
    expect(loadConfig(complete)).toMatchObject({
      ...{ mode: 'production', port: 3000, holdTtlMs: 600_000, holdLimitMs: 1_800_000, paymentTtlMs: 900_000 },
      ...{ seatsPerBuyer: 8, liveTickMs: 50, worker: 'inline', queueRedisUrl: 'redis://localhost', logLevel: 'info' }
    });
  });

  it('lets webhooks out to public addresses only, unless networks are named', () => {
    const allowed = (WEBHOOK_ALLOW_PRIVATE: string) =>
      loadConfig({ ...complete, WEBHOOK_ALLOW_PRIVATE }).webhooks.allowPrivate;
    expect(['', 'false', 'true', '10.0.0.0/8, fd00::/8'].map(allowed)).toEqual([
      ...[false, false, true],
      ['10.0.0.0/8', 'fd00::/8']
    ]);
  });

  it('takes several addresses for a Redis Cluster, and then wants a Redis for the queue', () => {
    const REDIS_URL = 'redis://a:7000,redis://b:7000';
    expect(linesOf({ ...complete, REDIS_URL })).toEqual([
      'QUEUE_REDIS_URL is missing: the queue needs a single Redis where REDIS_URL names a Cluster'
    ]);
    expect(linesOf({ ...complete, REDIS_URL, QUEUE_REDIS_URL: 'redis://q' })).toEqual([]);
  });

  it('says everything that is missing at once, a line each', () => {
    expect(linesOf({})).toEqual([
      'DATABASE_URL is missing: set it in the environment',
      'REDIS_URL is missing: set it in the environment',
      'SMTP_URL is missing: set it in the environment',
      'SECRET is missing: set it in the environment'
    ]);
  });

  it.each([
    ['PORT', 'lots', 'PORT must be a whole number'],
    ['PORT', '70000', 'PORT must be at most 65535'],
    [
      'REDIS_URL',
      'localhost:6379',
      'REDIS_URL must be a URL that starts with redis:// or rediss://, or several with commas between them for a Cluster'
    ],
    ['WORKER', 'maybe', 'WORKER must be inline or separate'],
    ['HOLD_TTL_MS', '-1', 'HOLD_TTL_MS must be at least 100'],
    ['HOLD_LIMIT_MS', '1000', 'HOLD_LIMIT_MS must not be less than HOLD_TTL_MS'],
    ['S3_BUCKET', 'pictures', 'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are missing: S3_BUCKET needs both'],
    [
      'WEBHOOK_ALLOW_PRIVATE',
      '10.0.0.1/99',
      'WEBHOOK_ALLOW_PRIVATE must be true, false, or networks such as 10.0.0.0/8 with commas between them'
    ],
    ['METRICS_TOKEN', 'short', 'METRICS_TOKEN must be at least 16 characters; make one with: openssl rand -hex 24'],
    ['SECRET', 'short', 'SECRET must be at least 32 characters; make one with: openssl rand -base64 48'],
    [
      'SECRET',
      'demo-0123456789012345678901234567890123',
      'SECRET is the demo’s own: production needs a secret nobody else knows'
    ],
    ['ORIGIN', '', 'ORIGIN is missing: set it to the address browsers use, such as https://tickets.example']
  ])('refuses %s=%s in one clear line', (name, value, line) => {
    expect(linesOf({ ...complete, [name]: value })).toEqual([line]);
  });

  it('is listed whole in .env.example, and nothing else is', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    const source = readFileSync(new URL('./config.ts', import.meta.url), 'utf8');
    const known = [...source.matchAll(/^ {2}([A-Z_]+): /gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(known.sort());
  });
});
