import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { must, openHouse } from './house.ts';

/**
 * A process that buys two seats and is killed on the way, as by `kill -9`: at the fault point it sends itself
 * SIGKILL, so nothing can be tidied up. It says how far it came, one JSON line a step.
 */
const errand = z.object({
  point: z.string(),
  show: z.string(),
  user: z.string(),
  seats: z.array(z.number()),
  key: z.string(),
  outcome: z.enum(['success', 'decline', 'none'])
});

const { point, show, user, seats, key, outcome } = errand.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse(loadConfig());
await house.jobs.start();
const buyer = {
  user: { id: user, email: `${user}@test.example`, name: 'Ada Test', role: 'customer' as const },
  buyer: `u_${user}`,
  guest: null
};

const hold = must(await house.seats.hold(show, buyer.buyer, seats, key));
console.log(JSON.stringify({ step: 'held', hold: hold.id }));
armFaultPoint(point as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
const { booking, payment } = must(await house.booking.checkout(buyer, { holdId: hold.id }, key));
console.log(JSON.stringify({ step: 'booked', booking: booking.id }));
if (outcome !== 'none') must(await house.payments.sandboxDecide(payment.id, user, outcome));
console.log(JSON.stringify({ step: 'decided' }));
