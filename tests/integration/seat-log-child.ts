import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { openHouse, until } from './house.ts';

/** A worker that keeps the seat log and sends itself SIGKILL on the way. */
const errand = z.object({ point: z.string() });

const { point } = errand.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse(loadConfig(), { logTail: 0 });
armFaultPoint(point as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
await house.seatLog.keeper.pass();
await until('death', () => false, 15_000);
