import { z } from 'zod';
import {
  admission,
  checkInBody,
  checkInCounts,
  gateList,
  gateQuery,
  gateSearch,
  gateTicket,
  mergeBody,
  merged,
  undoBody
} from '#domain/check-in.ts';
import { time } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** The door: who goes in, once. */
named('GateTicket', gateTicket);
named('Admission', admission);
named('CheckInCounts', checkInCounts);

const [tag, who] = ['Check-in', 'staff'] as const;

export const doorOperations = {
  'POST /check-ins': {
    ...{ id: 'checkIn', tag, summary: 'Let somebody in with their ticket', who, body: checkInBody, key: 'optional' },
    answers: { 200: admission },
    refuses: ['ALREADY_USED', 'BAD_TICKET', 'NOT_FOUND']
  },
  'POST /check-ins/undo': {
    ...{ id: 'undoCheckIn', tag, summary: 'Take a wrong scan back, within half a minute', who, body: undoBody },
    ...{ key: 'optional' },
    answers: { 200: gateTicket },
    refuses: ['NOT_FOUND']
  },
  'POST /check-ins/merge': {
    ...{ id: 'mergeCheckIns', tag, summary: 'Say who was let in while there was no network', who, body: mergeBody },
    description: 'Sent again, it changes nothing and answers the same.',
    answers: { 200: z.object({ merged: z.array(merged), counts: checkInCounts }) },
    refuses: ['NOT_FOUND']
  },
  'GET /check-ins/counts': {
    ...{ id: 'countCheckIns', tag, summary: 'How many are in', who, query: gateQuery },
    answers: { 200: checkInCounts },
    refuses: ['NOT_FOUND']
  },
  'GET /check-ins/list': {
    ...{ id: 'listTicketsForGate', tag, summary: 'What a gate takes along for the time without a network', who },
    query: gateQuery,
    answers: { 200: gateList },
    refuses: ['NOT_FOUND']
  },
  'GET /check-ins/search': {
    ...{ id: 'searchTickets', tag, summary: 'Find somebody by name or seat', who, query: gateSearch },
    answers: { 200: z.object({ items: z.array(gateTicket.extend({ at: time.nullable() })) }) },
    refuses: ['NOT_FOUND']
  }
} as const satisfies Operations;
