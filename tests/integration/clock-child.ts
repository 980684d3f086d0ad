import { JobScheduler } from 'bullmq';
import { z } from 'zod';
import { loadConfig } from '../../server/config.ts';
import { openHouse } from './house.ts';

/**
 * A worker that takes the job of one schedule and is killed before BullMQ has written down when it is due next: the one
 * moment in which a schedule can be lost.
 */
const { point: schedule } = z.object({ point: z.string() }).parse(JSON.parse(process.argv[2] ?? ''));
type Write = JobScheduler['upsertJobScheduler'];
const scheduler: { upsertJobScheduler: Write } = JobScheduler.prototype;
const write: (this: JobScheduler, ...asked: Parameters<Write>) => ReturnType<Write> = scheduler.upsertJobScheduler;
scheduler.upsertJobScheduler = function (this: JobScheduler, ...asked: Parameters<Write>) {
  const [name, , , , , { override }] = asked;
  if (name === schedule && !override) process.kill(process.pid, 'SIGKILL');
  return write.apply(this, asked);
} as Write;

const house = await openHouse(loadConfig());
await house.jobs.start();
