import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { addressOf, createLimits } from './limits.ts';

const config = (env: Record<string, string> = {}) =>
  loadConfig({
    ...{ ORIGIN: 'https://tickets.example', DATABASE_URL: 'postgres://u:p@localhost/fullhouse' },
    ...{ REDIS_URL: 'redis://localhost', SMTP_URL: 'smtp://localhost:25', SECRET: 's'.repeat(40) },
    ...env
  });
/** A handshake from this address, with what the proxies wrote into the header. */
const from = (address: string, forwarded?: string): IncomingMessage =>
  ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: address }
  }) as unknown as IncomingMessage;

describe('the address of a visitor', () => {
  it('is the connection’s own, whatever a header says, until a proxy is named', () => {
    expect(addressOf(config(), from('203.0.113.7', '198.51.100.1'))).toBe('203.0.113.7');
  });

  it('is what our proxy wrote: the last, or as many from the right as there are proxies', () => {
    const forged = '1.1.1.1, 198.51.100.1, 10.0.0.2';
    const behind = (depth: string) => config({ ADDRESS_HEADER: 'X-Forwarded-For', XFF_DEPTH: depth });
    expect(addressOf(behind('1'), from('10.0.0.1', '198.51.100.1'))).toBe('198.51.100.1');
    expect(addressOf(behind('2'), from('10.0.0.1', forged))).toBe('198.51.100.1');
  });
});

describe('the limits', () => {
  it('let a network open so many sockets, and others go on', async () => {
    const limits = createLimits(config({ LIMIT_NETWORK_SOCKETS: '3' }));
    const leaves = [1, 2, 3].map(() => limits.enter('203.0.113.7', null));
    expect(await limits.admits(from('203.0.113.7'))).toBe(false);
    expect(await limits.admits(from('203.0.113.8'))).toBe(true);
    leaves[0]?.();
    leaves[0]?.();
    expect(await limits.admits(from('203.0.113.7'))).toBe(true);
    limits.enter('203.0.113.7', null);
    expect(await limits.admits(from('203.0.113.7'))).toBe(false);
  });

  it('let a network open sockets only so fast', async () => {
    const limits = createLimits(config({ LIMIT_NETWORK_HANDSHAKES: '5' }));
    const answers = await Promise.all(Array.from({ length: 8 }, () => limits.admits(from('203.0.113.7'))));
    expect(answers.filter(Boolean)).toHaveLength(5);
  });

  it('count no network for this machine and private ones, so that a load test is not throttled', async () => {
    const limits = createLimits(config({ LIMIT_NETWORK_SOCKETS: '1', LIMIT_NETWORK_HANDSHAKES: '1' }));
    for (let n = 0; n < 20; n++) {
      expect(await limits.admits(from('127.0.0.1'))).toBe(true);
      limits.enter(limits.networkOf(from('127.0.0.1')), null);
    }
  });

  it('let a buyer have so many sockets', () => {
    const limits = createLimits(config({ LIMIT_BUYER_SOCKETS: '2' }));
    const leave = limits.enter(null, 'g_ada');
    expect(limits.enter(null, 'g_ada')).not.toBeNull();
    expect(limits.enter(null, 'g_ada')).toBeNull();
    expect(limits.enter(null, 'g_eve')).not.toBeNull();
    leave?.();
    expect(limits.enter(null, 'g_ada')).not.toBeNull();
  });

  it('slow a socket down, cut it off when it floods, and slow a buyer or a network with many sockets down', async () => {
    const limits = createLimits(
      config({ LIMIT_SOCKET_COMMANDS: '10', LIMIT_BUYER_COMMANDS: '15', LIMIT_NETWORK_COMMANDS: '20' })
    );
    const many = (count: number, socket: (n: number) => string, buyer: string | null, network: string | null) =>
      Promise.all(Array.from({ length: count }, (_, n) => limits.command(socket(n), buyer, network)));
    const one = await many(150, () => 'socket', null, null);
    expect([one[9], one[10], one[99], one[100]]).toEqual(['ok', 'slow', 'slow', 'flood']);
    for (let n = 0; n < 30; n++) limits.enter('203.0.113.7', n < 15 ? 'g_ada' : null);
    const tabs = await many(30, (n) => `tab${n}`, 'g_ada', null);
    expect(tabs.filter((answer) => answer === 'ok')).toHaveLength(15);
    const office = await many(30, (n) => `desk${n}`, null, '203.0.113.7');
    expect(office.filter((answer) => answer === 'ok')).toHaveLength(20);
  });
});
