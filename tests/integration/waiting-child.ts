import { z } from 'zod';
import { armFaultPoint, type FaultPoint } from '../../server/booking/fault-points.ts';
import { loadConfig } from '../../server/config.ts';
import { must, openHouse, until } from './house.ts';

/** A process that serves the waiting list of a show, or declines an offer, until it sends itself SIGKILL on the way. */
const errand = z.object({ point: z.string(), show: z.string(), decline: z.string().nullable(), user: z.string() });

const { point, show, decline, user } = errand.parse(JSON.parse(process.argv[2] ?? ''));
const house = await openHouse(loadConfig());
armFaultPoint(point as FaultPoint, () => process.kill(process.pid, 'SIGKILL'));
if (decline !== null) must(await house.waiting.decline(decline, { user, key: null }));
await house.jobs.start();
await house.waiting.serve(show);
// Its mail is on the way.
await until('death', () => false, 60_000);
