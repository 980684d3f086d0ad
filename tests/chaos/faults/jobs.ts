import type { FaultPoint } from '../../../server/booking/fault-points.ts';
import { pick, type Fault, type Field } from './fault.ts';

/** What happens to the work that follows a commit. */
const WAITS = { delays: ['mails', 'work'] } as const;

/** One of the processes dies by its own hand at a place in the code, and is started again. */
async function dieAt({ stack, random, note, wait }: Field, lastsMs: number, points: readonly FaultPoint[]) {
  const point = pick(points, random);
  const isNodes = point.startsWith('checkout:') || point === 'payment:after-decision';
  const program = isNodes ? pick(stack.nodes, random) : stack.worker;
  program.dieAt(point);
  await Promise.race([program.ended(), wait(lastsMs)]);
  note(program.running ? `nobody came to ${point}` : `${program.name} died at ${point}`);
  return async () => {
    program.signal('SIGKILL');
    await program.ended();
    await program.start();
  };
}

export const workerDiesSending: Fault = {
  id: 'N14',
  name: 'the worker is killed between the mail server’s yes and writing it down',
  expected: 'No mail is missing; at most one more copy, under the same Message-ID.',
  lastsMs: { long: 8000, short: 4000 },
  relaxes: {},
  killsWorker: true,
  ...WAITS,
  begin: (field, lastsMs) => dieAt(field, lastsMs, ['mail:after-send'])
};

export const diesBeforeEnqueue: Fault = {
  id: 'N15',
  name: 'a process is killed between COMMIT and the queue',
  expected: 'The outbox delivers.',
  lastsMs: { long: 8000, short: 4000 },
  relaxes: {},
  killsWorker: true,
  ...WAITS,
  begin: (field, lastsMs) =>
    dieAt(field, lastsMs, [
      'checkout:after-commit',
      'relay:after-add',
      'relay:after-dispatch',
      'payment:after-decision'
    ])
};

export const wipedQueue: Fault = {
  id: 'N16',
  name: 'the queue’s Redis is wiped',
  expected: 'What was not done is enqueued again out of the outbox.',
  lastsMs: { long: 3000, short: 800 },
  relaxes: {},
  ...WAITS,
  async begin({ stack, wait }, lastsMs) {
    for (const end = performance.now() + lastsMs; performance.now() < end; await wait(100))
      await stack.servers.queue.admin.flushall();
    return undefined;
  }
};

export const awayMail: Fault = {
  id: 'N17',
  name: 'the mail server says “later” (451)',
  expected: 'It is tried again with growing pauses; nothing is lost, and no checkout feels it.',
  lastsMs: { long: 30_000, short: 3000 },
  relaxes: {},
  delays: ['mails'],
  begin({ stack: { smtp } }) {
    smtp.behaviour = 'later';
    return () => (smtp.behaviour = 'accept');
  }
};
