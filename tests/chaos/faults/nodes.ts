import { startChild } from '../../../server/child.ts';
import type { SlowApi } from '../workload/slow.ts';
import { pick, type Fault } from './fault.ts';

/** What happens to the app nodes. */

export const killedNode: Fault = {
  id: 'N1',
  name: 'kill -9 of an app node',
  expected: 'Clients go to the other node and resync; holds stay; a checkout under way has one result under its key.',
  lastsMs: { long: 6000, short: 2500 },
  relaxes: {},
  recovers: { what: 'hold', withinMs: 5000 },
  async begin({ stack, random }) {
    const node = pick(stack.nodes, random);
    node.signal('SIGKILL');
    await node.ended();
    return () => node.start();
  }
};

export const frozenNode: Fault = {
  id: 'N9',
  name: 'an app node is frozen (SIGSTOP), and wakes up again',
  expected: 'The proxy takes it out; what it does on waking is refused by hold id and deadline.',
  lastsMs: { long: 30_000, short: 3000 },
  // Whoever hangs on it sees nothing until its ping fails or it wakes up.
  relaxes: { L2: 5000 },
  begin({ stack, random }) {
    const node = pick(stack.nodes, random);
    node.signal('SIGSTOP');
    return () => node.signal('SIGCONT');
  }
};

export const rollingRestart: Fault = {
  id: 'N18',
  name: 'a rolling restart: SIGTERM of each node in turn',
  expected: 'No checkout fails; sockets go to the other node.',
  lastsMs: { long: 2000, short: 500 },
  relaxes: {},
  alone: true,
  noFailedCheckout: true,
  async begin({ stack, wait }) {
    for (const node of stack.nodes) {
      node.signal('SIGTERM');
      await node.ended();
      await node.start();
      await wait(1500);
    }
    return undefined;
  }
};

/** Minutes that are wrong, forward or back. */
const SKEW_MS = 300_000;

export const skewedNode: Fault = {
  id: 'N12',
  name: 'an app node’s clock is five minutes wrong (what Date says there; timers keep their pace)',
  expected: 'No hold or booking ends early or late: Redis’ and Postgres’ clocks decide.',
  lastsMs: { long: 20_000, short: 5000 },
  relaxes: {},
  async begin({ stack, random, note }) {
    const node = pick(stack.nodes, random);
    const skew = random() < 0.5 ? SKEW_MS : -SKEW_MS;
    node.signal('SIGTERM');
    await node.ended();
    await node.start({ env: { CHAOS_SKEW_MS: String(skew) }, preloads: ['skewed-clock'] });
    note(`${node.name} is ${skew > 0 ? 'ahead' : 'behind'}`);
    return async () => {
      node.signal('SIGTERM');
      await node.ended();
      await node.start();
    };
  }
};

export const slowViewers: Fault = {
  id: 'N11',
  // No more than one network may ask of a node: a flood would be another fault. What piles up beyond the kernel's buffers
  // is measured in tests/integration/slow-viewers.test.ts.
  name: '300 sockets that ask for the whole map once a second and read nothing',
  expected: 'They are cut off or passed over; memory stays bounded, and others notice nothing.',
  lastsMs: { long: 20_000, short: 5000 },
  relaxes: {},
  async begin({ stack, random, wait, note }, lastsMs) {
    const node = pick(stack.nodes, random);
    const child = await startChild<SlowApi>(`${import.meta.dirname}/../workload/slow.ts`);
    // Past the proxy, which would keep for them what they do not read.
    const count = await child.ask('open', { url: `http://127.0.0.1:${node.port}`, show: stack.show, sockets: 300 });
    await wait(lastsMs);
    note(`${count} opened, ${await child.ask('left', undefined)} still connected at the end`);
    return () => child.stop();
  }
};
