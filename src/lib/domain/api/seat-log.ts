import { z } from 'zod';
import { rehearsalBody, rehearsalView } from '#domain/rehearsal.ts';
import { replayPage, replayQuery, seatEventsPage, seatEventsQuery } from '#domain/seat-events.ts';
import { text } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** What happened to the seats of a show, and sales that are only rehearsed. */
named('SeatEventsPage', seatEventsPage);
named('ReplayPage', replayPage);
named('Rehearsal', rehearsalView);

const [tag, who] = ['Control room', 'manager'] as const;

export const seatLogOperations = {
  'GET /admin/shows/{id}/seat-events': {
    ...{
      id: 'listSeatEvents',
      tag,
      summary: 'What happened to a seat, or to all of them',
      who,
      query: seatEventsQuery
    },
    answers: { 200: seatEventsPage }
  },
  'GET /admin/shows/{id}/replay': {
    ...{ id: 'replaySale', tag, summary: 'A kept map and the entries behind it', who, query: replayQuery },
    answers: { 200: replayPage }
  },
  'GET /admin/shows/{id}/rehearsal': {
    ...{ id: 'getRehearsal', tag, summary: 'The latest rehearsal: how it goes, or its verdict', who: 'admin' },
    answers: { 200: rehearsalView }
  },
  'POST /admin/shows/{id}/rehearsal': {
    ...{ id: 'rehearse', tag, summary: 'Rehearse a sale on a copy of the show', who: 'admin', body: rehearsalBody },
    answers: { 202: z.object({ id: text }) },
    refuses: ['ON_SALE', 'REHEARSAL_RUNS']
  },
  'DELETE /admin/shows/{id}/rehearsal': {
    ...{ id: 'stopRehearsal', tag, summary: 'Stop the rehearsal', who: 'admin' },
    answers: { 204: null }
  }
} as const satisfies Operations;
