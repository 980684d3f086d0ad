import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { must, openHouse, until } from './house.ts';

/**
 * A process that cancels a show and works on its refunds, until it sends itself SIGKILL when it comes to the fault
 * point for the `nth` time. One that is never killed ends when all is refunded.
 */
const errand = z.object({ point: z.string(), nth: z.number(), show: z.string(), organizer: z.string() });

const { point, nth, show, organizer } = errand.parse(JSON.parse(process.argv[2] ?? ''));
let passed = 0;
armFaultPoint(point as FaultPoint, () => {
  if (++passed === nth) process.kill(process.pid, 'SIGKILL');
});
const house = await openHouse(loadConfig(), { resendAfterMs: 5000 });
const by = { user: organizer, owner: organizer };
must(await house.booking.cancelShow(by, show, 'The singer is ill'));
await house.jobs.start();
await until('all refunded', async () => (await house.booking.cancellation(by, show))?.waiting === 0, 60_000);
await house.close();
