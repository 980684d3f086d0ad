import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { createDeliveries, DELIVERY, type Deliveries, type DeliveryOptions } from './deliver.ts';
import { createDeliveryLog, type DeliveryLog } from './delivery-log.ts';
import { createEndpoints, type Endpoints } from './endpoints.ts';

/**
 * Telling integrators what happens: announce.ts writes it down with the change, the jobs bring it to the endpoints that
 * organizers have, and each endpoint has a log of its messages.
 */
export interface Webhooks extends Deliveries {
  endpoints: Endpoints;
  log: DeliveryLog;
}

export function createWebhooks(
  parts: { db: Database; config: Config; log: Logger; wakeRelay: () => void },
  options: Partial<DeliveryOptions> = {}
): Webhooks {
  const { db, config, wakeRelay } = parts;
  const log = parts.log.child({ part: 'webhooks' });
  const endpoints = createEndpoints({ db, config });
  return {
    ...createDeliveries({ db, config, log }, { ...DELIVERY, ...options }),
    ...{ endpoints, log: createDeliveryLog({ db, endpoints, wakeRelay }) }
  };
}
