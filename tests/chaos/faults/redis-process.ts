import type { Fault } from './fault.ts';

/** What happens to the process that the seats' Redis is. A click meanwhile is refused; what follows a commit waits. */
const AWAY = { recovers: { what: 'hold', withinMs: 5000 }, delays: ['work'] } as const;

export const killedRedis: Fault = {
  id: 'N2',
  name: 'kill -9 of Redis, which has nothing on disk',
  expected: 'Clicks are refused with BUSY; nothing sold reads as free; the map is rebuilt under a new epoch.',
  lastsMs: { long: 4000, short: 1500 },
  relaxes: { L1: 2000, L2: 5000 },
  ...AWAY,
  async begin({ stack, lostRedis }) {
    await stack.servers.redis.kill();
    lostRedis();
    return () => stack.servers.redis.start();
  }
};

export const failedOverRedis: Fault = {
  id: 'N4',
  name: 'a failover to a replica that had stopped replicating',
  expected: 'Holds of the last seconds are lost; losers are refused before a charge; NOSCRIPT is no error.',
  lastsMs: { long: 3000, short: 1500 },
  // That a seat was sold may be among what is lost: who clicks it holds it until checkout, or the reconciler, says no.
  relaxes: { I5: 60_000, L1: 5000, L2: 5000 },
  alone: true,
  ...AWAY,
  async begin({ stack, wait, lostRedis }, lastsMs) {
    const replica = await stack.servers.redis.replica();
    await replica.cutOff();
    // What happens from here on is lost.
    await wait(Math.min(2000, lastsMs));
    await replica.promote();
    lostRedis();
    stack.followRedis();
    return undefined;
  }
};

export const frozenRedis: Fault = {
  id: 'N10',
  name: 'Redis is frozen (SIGSTOP), and wakes up again',
  expected: 'Clicks time out; nothing waits in line without end, and no stale holds come after it wakes up.',
  lastsMs: { long: 10_000, short: 3000 },
  relaxes: { L1: 2000, L2: 5000 },
  ...AWAY,
  begin({ stack }) {
    const { pid } = stack.servers.redis;
    process.kill(pid, 'SIGSTOP');
    return () => process.kill(pid, 'SIGCONT');
  }
};

export const fullRedis: Fault = {
  id: 'N20r',
  name: 'Redis has no memory left (maxmemory, noeviction)',
  expected: 'Clicks are refused with BUSY; what was sold and held stays; no half-done change.',
  lastsMs: { long: 8000, short: 2500 },
  // A release, or the end of a hold, writes too.
  relaxes: { L1: 3000 },
  ...AWAY,
  async begin({ stack }) {
    const { admin } = stack.servers.redis;
    await admin.config('SET', 'maxmemory', '1');
    return () => admin.config('SET', 'maxmemory', '0');
  }
};
