import type { Bench } from './bench.ts';
import { bestAvailable } from './best-available.ts';
import { checkout } from './checkout.ts';
import { clickToAck } from './click-to-ack.ts';
import { coalescing } from './coalescing.ts';
import { fanOut } from './fan-out.ts';
import { growth } from './growth.ts';
import { holdScript } from './hold-script.ts';
import { lighthouse } from './lighthouse.ts';
import { map } from './map.ts';
import { memory } from './memory.ts';
import { rebuild } from './rebuild.ts';
import { seenByAll } from './seen-by-all.ts';
import { snapshot } from './snapshot.ts';

/** Every row of the table, in its order. */
export const benches: readonly Bench[] = [
  ...[holdScript, clickToAck, fanOut, coalescing, seenByAll, snapshot],
  ...[growth, checkout, bestAvailable, rebuild, memory, map, lighthouse]
];
