import { z } from 'zod';
import { blockBody, liveHold, liveHoldsPage, liveHoldsQuery, seatFacts, unblockBody } from '#domain/control.ts';
import { uuid } from '#domain/ids.ts';
import { broadcastBody, saleState } from '#domain/protocol.ts';
import { moveBody } from '#domain/move.ts';
import { cancelShowBody, refundBody } from '#domain/refunds.ts';
import { waitingCounts } from '#domain/waiting.ts';
import { roomState } from '#domain/waiting-room.ts';
import { booking, moved, pdf, refund } from './buying.ts';
import { count, text } from './fields.ts';
import { named } from './named.ts';
import type { Operations } from './operation.ts';

/** What those who run a show do while it is on sale, and after it. */
const delivered = count.describe('How many viewers it went to');

named('LiveHold', liveHold);
named('LiveHoldsPage', liveHoldsPage);
named('SeatFacts', seatFacts);

export const bookingFileQuery = z.object({ booking: uuid });

const [tag, who] = ['Control room', 'manager'] as const;

export const controlOperations = {
  'POST /shows/{id}/broadcast': {
    ...{ id: 'broadcast', tag, summary: 'Say something to everybody who watches', who, body: broadcastBody },
    key: 'optional',
    answers: { 202: z.object({ delivered }) }
  },
  'POST /shows/{id}/pause': {
    ...{ id: 'pauseSale', tag, summary: 'Pause the sale', who },
    answers: { 202: z.object({ sale: saleState, delivered }) },
    refuses: ['SALE_CLOSED']
  },
  'POST /shows/{id}/resume': {
    ...{ id: 'resumeSale', tag, summary: 'Resume the sale', who },
    answers: { 202: z.object({ sale: saleState, delivered }) },
    refuses: ['SALE_CLOSED']
  },
  'POST /shows/{id}/waiting-room/pause': {
    ...{ id: 'pauseAdmission', tag, summary: 'Admit nobody from the waiting room for now', who },
    answers: { 202: roomState }
  },
  'POST /shows/{id}/waiting-room/resume': {
    ...{ id: 'resumeAdmission', tag, summary: 'Admit people again', who },
    answers: { 202: roomState }
  },
  'POST /shows/{id}/blocks': {
    ...{ id: 'blockSeats', tag, summary: 'Take seats off sale', who, body: blockBody, key: 'optional' },
    description: 'All of them or none.',
    answers: { 202: z.object({ blocked: count }) },
    refuses: ['SEAT_TAKEN', 'SALE_CLOSED']
  },
  'DELETE /shows/{id}/blocks': {
    ...{ id: 'unblockSeats', tag, summary: 'Put seats on sale again', who, body: unblockBody },
    answers: { 200: z.object({ unblocked: count }) }
  },
  'GET /shows/{id}/live-holds': {
    ...{ id: 'listLiveHolds', tag, summary: 'Who holds or pays now', who, query: liveHoldsQuery },
    answers: { 200: liveHoldsPage }
  },
  'DELETE /shows/{id}/live-holds/{holdId}': {
    ...{ id: 'endHold', tag, summary: 'End somebody’s hold', who },
    answers: { 204: null }
  },
  'GET /shows/{id}/live-seats/{seat}': {
    ...{ id: 'getLiveSeat', tag, summary: 'Who holds, booked or blocked a seat', who },
    params: {
      seat: z
        .string()
        .regex(/^\d{1,6}$/)
        .describe('Its index')
    },
    answers: { 200: seatFacts }
  },
  'POST /shows/{id}/cancel': {
    ...{ id: 'cancelShow', tag, summary: 'Cancel a show: all its bookings are refunded', who, body: cancelShowBody },
    key: 'optional',
    answers: { 202: z.object({ bookings: count.describe('How many that concerns') }) }
  },
  'GET /shows/{id}/cancellation': {
    ...{ id: 'getCancellation', tag, summary: 'How far refunding a cancelled show has come', who },
    answers: { 200: z.object({ total: count, refunded: count, waiting: count, failed: count }) }
  },
  'GET /shows/{id}/waiting': {
    ...{ id: 'getWaitingList', tag, summary: 'How many wait, and for what', who },
    answers: { 200: waitingCounts }
  },
  'GET /shows/{id}/tickets.pdf': {
    ...{ id: 'getTicketsOfBooking', tag, summary: 'The tickets of one booking', who, query: bookingFileQuery },
    answers: { 200: pdf }
  },
  'POST /admin/bookings/{id}/refund': {
    ...{ id: 'refundBooking', tag, summary: 'Give back a booking, or some of its seats', who, body: refundBody },
    key: 'optional',
    answers: { 200: z.object({ booking, refund: refund.nullable() }) },
    refuses: ['NOT_CANCELLABLE']
  },
  'POST /admin/bookings/{id}/move': {
    ...{ id: 'moveBooking', tag, summary: 'Move a booking, or some of its seats, to other seats', who, body: moveBody },
    description:
      'Cheaper seats: the difference goes back. Dearer ones: `waive` does without it, `collect` keeps them for the buyer, who gets a mail and pays first (`move`); with neither, PAYMENT_NEEDED.',
    key: 'required',
    answers: { 200: moved },
    refuses: ['NOT_MOVABLE', 'PAYMENT_NEEDED', 'SEAT_TAKEN', 'CHANGED_MEANWHILE', 'SALE_CLOSED', 'NOT_CANCELLABLE']
  },
  'POST /admin/bookings/{id}/send-tickets': {
    ...{ id: 'sendTickets', tag, summary: 'Send the mail with the tickets once more', who },
    answers: { 202: z.object({ recipient: text }) },
    refuses: ['LIMIT_REACHED']
  }
} as const satisfies Operations;
