import { accountOperations } from './accounts.ts';
import { buyingOperations } from './buying.ts';
import { catalogueOperations } from './catalogue.ts';
import { controlOperations } from './control.ts';
import { deskOperations } from './desk.ts';
import { documentOperations } from './documents.ts';
import { doorOperations } from './door.ts';
import { embedOperations } from './embed.ts';
import type { Operation, Operations } from './operation.ts';
import { planOperations } from './plans.ts';
import { programOperations } from './programs.ts';
import { reportOperations } from './reports.ts';
import { seatLogOperations } from './seat-log.ts';
import { waitingRoomOperations } from './waiting-room.ts';

/**
 * Every call of the HTTP API. A new route needs an entry in the file of its subject here, or its test says so:
 * `'POST /things/{id}': { id, tag, summary, who, body, answers: { 201: schema }, refuses: ['SEAT_TAKEN'] }`.
 */
export const operations: Operations = {
  ...catalogueOperations,
  ...buyingOperations,
  ...waitingRoomOperations,
  ...accountOperations,
  ...deskOperations,
  ...planOperations,
  ...controlOperations,
  ...doorOperations,
  ...reportOperations,
  ...seatLogOperations,
  ...programOperations,
  ...embedOperations,
  ...documentOperations
};

/** With their keys: method, path, operation. */
export const allOperations = (Object.entries(operations) as [keyof typeof operations, Operation][]).map(
  ([key, operation]) => {
    const [method = '', path = ''] = key.split(' ');
    return { key, method, path, operation };
  }
);
