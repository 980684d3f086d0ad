import { roomDraw, roomPlace, roomState } from '#domain/waiting-room.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** The waiting room of a hot show. */
named('WaitingRoom', roomState);
named('WaitingRoomDraw', roomDraw);
const place = named('WaitingRoomPlace', roomPlace);
const tag = 'Waiting room';

export const waitingRoomOperations = {
  'GET /shows/{id}/waiting-room': {
    ...{ id: 'getWaitingRoom', tag, summary: 'How the waiting room of a show stands', who: 'anyone' },
    description: 'NOT_FOUND for a show that has none.',
    answers: { 200: roomState }
  },
  'POST /shows/{id}/waiting-room': {
    ...{ id: 'enterWaitingRoom', tag, summary: 'Come into the waiting room, or say that you are still there' },
    who: 'buyer',
    description:
      'Whoever is not heard of for a minute is passed over until they come back: ask every 20 s. Once `state` is `admitted`, seats can be held until `admittedUntil`.',
    answers: { 200: place },
    refuses: ['CAP_REACHED']
  },
  'DELETE /shows/{id}/waiting-room': {
    ...{ id: 'leaveWaitingRoom', tag, summary: 'Give up your place', who: 'buyer' },
    answers: { 204: null }
  },
  'GET /shows/{id}/waiting-room/draw': {
    ...{ id: 'getDraw', tag, summary: 'Everything that the draw can be checked with, as far as it is public' },
    who: 'anyone',
    description:
      'The place of a ticket is its position when all are sorted by HMAC-SHA256 (key: the 32 bytes of `seed`) of `<listHash>:<ticket>`. `/verify-draw.mjs` checks all of it.',
    answers: { 200: roomDraw }
  }
} as const satisfies Operations;
