import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { must, openHouse } from './house.ts';

/** A process that moves a booking, until it sends itself SIGKILL at the fault point. */
const errand = z.object({
  ...{ point: z.string(), organizer: z.string(), booking: z.string(), key: z.string() },
  to: z.array(z.number())
});

const { point, organizer, booking, key, to } = errand.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse(loadConfig());
armFaultPoint(point as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
must(
  await house.booking.move({ user: organizer, owner: organizer }, booking, { to, waive: false, collect: false }, key)
);
await house.close();
