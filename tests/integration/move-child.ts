import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { must, openHouse } from './house.ts';

/** A process that moves a booking, or changes it to dearer seats for its buyer and pays, until it kills itself at the fault point. */
const errand = z.object({
  ...{ point: z.string(), user: z.string(), booking: z.string(), key: z.string(), own: z.boolean() },
  to: z.array(z.number())
});

const { point, user, booking, key, own, to } = errand.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse(loadConfig());
armFaultPoint(point as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
if (own) {
  const { move } = must(await house.booking.moveOwn(user, booking, { to }, key));
  must((await house.payments.sandboxDecide(move?.payment.id ?? '', user, 'success')) ?? true);
} else must(await house.booking.move({ user, owner: user }, booking, { to, waive: false, collect: false }, key));
await house.close();
