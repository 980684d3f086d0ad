import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../../server/booking/fault-points.ts';

/**
 * The chaos run's hand inside a process of the service: ends it when the run itself is gone, and kills it at a named place
 * when told so (`{ diesAt }`), as `kill -9` would just there.
 */
const order = z.object({ diesAt: z.string() });

process.on('message', (message) => {
  const { diesAt } = order.parse(message);
  armFaultPoint(diesAt as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
});
process.on('disconnect', () => process.exit(1));
// Listening must not keep a process that has been asked to go down.
process.channel?.unref();
