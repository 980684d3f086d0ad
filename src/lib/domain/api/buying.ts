import { z } from 'zod';
import { myBookingsQuery } from '#domain/booking-search.ts';
import { bookingBody, hold, holdBody, quoteQuery, sandboxBody } from '#domain/protocol.ts';
import { moveQuoteBody, ownMoveBody } from '#domain/move.ts';
import { bookingStatus } from '#domain/reports.ts';
import { waitingBody, waitingWish } from '#domain/waiting.ts';
import { amount, banner, count, currency, page, text, ticketTypes, time, zone } from './fields.ts';
import { named } from './named.ts';
import type { Operations, Raw } from './operation.ts';

/** From seats to tickets: holds, bookings, payments, the waiting list. */
const seatPrice = named(
  'SeatPrice',
  z.object({
    ...{ seat: count, type: text.nullable(), tierPrice: amount, price: amount, discount: amount, fees: amount },
    tax: amount.describe('Tax that is added'),
    taxIncluded: amount.describe('Tax that the amount contains already'),
    amount: amount.describe('price − discount + fees + tax')
  })
);
const charges = z.array(z.object({ name: text, amount }));
const taxCharge = z.object({ name: text, amount, included: z.boolean() }).nullable();

export const quoteView = named(
  'Quote',
  z.object({
    ...{ seats: z.array(seatPrice), subtotal: amount, discount: amount, fees: charges, tax: taxCharge, total: amount },
    ...{ currency, ticketTypes, promoCode: text.nullable() }
  })
);

const bookedSeat = named(
  'BookedSeat',
  z.object({
    ...{ index: count, label: text, short: text, tierName: text, ticketType: text.nullable() },
    price: amount.describe('In all: basePrice − discount + fees + tax'),
    ...{ basePrice: amount, discount: amount, fees: amount, tax: amount }
  })
);

export const booking = named(
  'Booking',
  z.object({
    id: z.uuid(),
    status: bookingStatus,
    showId: text,
    seats: z.array(count),
    lines: z.array(bookedSeat).describe('The same seats with their names and prices'),
    returned: z.array(bookedSeat).describe('Seats that were given back one by one'),
    total: amount,
    receipt: z.object({
      subtotal: amount,
      discount: amount,
      promoCode: text.nullable(),
      fees: charges,
      tax: taxCharge
    }),
    refunded: amount.describe('How much of the total has gone back or is on its way'),
    currency,
    expiresAt: time,
    createdAt: time,
    confirmedAt: time.nullable(),
    holdId: text,
    cancellableUntil: time.nullable(),
    show: z.object({
      startsAt: time,
      cancelled: z.object({ at: time, reason: text }).nullable(),
      timeZone: zone,
      ...{ venueName: text, room: text.nullable(), venueAddress: text, city: text, eventTitle: text, eventSlug: text },
      banner
    })
  })
);

const payment = named(
  'Payment',
  z.object({
    id: z.uuid(),
    status: z.enum(['PENDING', 'SUCCESS', 'FAILED', 'REFUNDED']),
    redirectUrl: text.nullable().describe('Where to pay; may be a path on this site'),
    amount,
    currency
  })
);

const movedSeat = z.object({ index: count, label: text });
/** A move to dearer seats. */
export const paidMove = named(
  'PaidMove',
  z.object({
    id: z.uuid(),
    status: z
      .enum(['PENDING', 'DONE', 'FAILED', 'EXPIRED', 'REFUNDED'])
      .describe(
        'PENDING: it waits for `payment`. DONE: the booking was moved. FAILED: declined. EXPIRED: not paid in time, or given up. REFUNDED: paid too late, so all of it goes back. But for DONE, the booking has its old seats'
      ),
    from: z.array(movedSeat),
    to: z.array(movedSeat).describe('Each in the place of the one that stands there in `from`'),
    difference: amount,
    currency,
    expiresAt: time.describe('Until then the new seats are kept'),
    offered: z.boolean().describe('By the organizer'),
    payment
  })
);

export const refund = named(
  'Refund',
  z.object({
    id: z.uuid(),
    bookingId: z.uuid(),
    amount,
    currency,
    reason: text,
    seats: z.array(count).nullable().describe('null: all that were left'),
    status: z.enum(['PENDING', 'DONE', 'FAILED']),
    requestedBy: z.uuid().nullable(),
    partOf: z
      .uuid()
      .nullable()
      .describe('The refund that could not bear all of it: a moved booking may be paid for in parts'),
    createdAt: time,
    settledAt: time.nullable(),
    attempts: count,
    error: text.nullable()
  })
);

const ticket = named(
  'Ticket',
  z.object({
    ...{ id: z.uuid(), seatIndex: count, label: text },
    code: text.describe('Signed: what its QR code says'),
    shortCode: text.describe('What can be typed in its place'),
    checkedInAt: time.nullable()
  })
);

export const difference = z
  .number()
  .int()
  .describe('What the new seats cost more, minor units; negative when they cost less');
/** What became of a move. */
export const moved = z.object({
  ...{ booking, difference, waived: amount, refund: refund.nullable() },
  move: paidMove.nullable().describe('Not null: the difference is to be paid first')
});

named('Wish', waitingWish);
const wish = waitingWish;

export const pdf: Raw = { types: ['application/pdf'], says: 'A page for each ticket, with its QR code' };
named('Hold', hold);
const held = z.object({ hold });
const refusals = { ofHold: ['HOLD_EXPIRED', 'SALE_CLOSED', 'SALE_PAUSED'] } as const;

export const buyingOperations = {
  'POST /shows/{id}/holds': {
    ...{
      id: 'holdSeats',
      tag: 'Holds',
      summary: 'Hold seats: those you name, or the best that are free',
      who: 'buyer'
    },
    description: 'All of them or none. Seats are added to the hold you have; its clock goes on.',
    ...{ body: holdBody, key: 'optional' },
    answers: { 201: held },
    refuses: ['SEAT_TAKEN', 'CAP_REACHED', 'NOT_ADMITTED', ...refusals.ofHold]
  },
  'GET /holds/{id}': {
    ...{ id: 'getHold', tag: 'Holds', summary: 'Your hold', who: 'buyer' },
    answers: { 200: held },
    refuses: ['HOLD_EXPIRED']
  },
  'PATCH /holds/{id}': {
    ...{ id: 'extendHold', tag: 'Holds', summary: 'Ask for more time, up to the hard limit', who: 'buyer' },
    answers: { 200: held },
    refuses: ['LIMIT_REACHED', ...refusals.ofHold]
  },
  'DELETE /holds/{id}': {
    ...{ id: 'releaseHold', tag: 'Holds', summary: 'Give the seats back', who: 'buyer' },
    answers: { 204: null },
    refuses: ['HOLD_EXPIRED']
  },
  'GET /holds/{id}/quote': {
    ...{ id: 'quoteHold', tag: 'Holds', summary: 'What these seats would cost', who: 'buyer', query: quoteQuery },
    answers: { 200: z.object({ quote: quoteView }) },
    refuses: ['HOLD_EXPIRED', 'CODE_REFUSED']
  },
  'POST /bookings': {
    ...{ id: 'book', tag: 'Bookings', summary: 'Turn a hold into a booking that waits for its payment', who: 'user' },
    ...{ body: bookingBody, key: 'required' },
    answers: { 201: z.object({ booking, payment }) },
    refuses: [
      ...['HOLD_EXPIRED', 'SEAT_TAKEN', 'CAP_REACHED', 'SALE_CLOSED', 'SALE_PAUSED', 'NOT_FOUND'],
      ...['PRICE_CHANGED', 'CODE_REFUSED']
    ]
  },
  'GET /bookings/mine': {
    ...{ id: 'listMyBookings', tag: 'Bookings', summary: 'Your bookings', who: 'user', query: myBookingsQuery },
    answers: { 200: page(booking) }
  },
  'GET /bookings/{id}': {
    ...{ id: 'getBooking', tag: 'Bookings', summary: 'A booking with its payment and tickets', who: 'user' },
    answers: {
      200: z.object({
        ...{ booking, payment: payment.nullable(), tickets: z.array(ticket), refunds: z.array(refund) },
        move: paidMove.nullable().describe('The latest move to dearer seats')
      })
    }
  },
  'POST /bookings/{id}/cancel': {
    ...{ id: 'cancelBooking', tag: 'Bookings', summary: 'Give up a booking, within the show’s policy', who: 'user' },
    ...{ key: 'optional' },
    answers: { 200: z.object({ booking }) },
    refuses: ['NOT_CANCELLABLE']
  },
  'POST /bookings/{id}/move': {
    ...{
      id: 'changeSeats',
      tag: 'Bookings',
      summary: 'Change the seats of a booking, within the show’s policy',
      who: 'user'
    },
    description:
      'As long as it could be cancelled, and while the show is on sale. Cheaper seats: the difference goes back. Dearer ones are kept for you: pay at `move.payment.redirectUrl` until `move.expiresAt`, and the booking is moved. Until then it has its old seats.',
    ...{ body: ownMoveBody, key: 'required' },
    answers: { 200: moved },
    refuses: ['NOT_MOVABLE', 'PRICE_CHANGED', 'SEAT_TAKEN', 'CHANGED_MEANWHILE', 'SALE_CLOSED', 'SALE_PAUSED']
  },
  'DELETE /bookings/{id}/move': {
    ...{ id: 'giveUpMove', tag: 'Bookings', summary: 'Give up a change of seats that is not paid for', who: 'user' },
    answers: { 200: z.object({ booking }) }
  },
  'POST /bookings/{id}/move/quote': {
    ...{ id: 'quoteMove', tag: 'Bookings', summary: 'What other seats would cost', who: 'user' },
    description: 'Changes nothing. Without `to`: the best seats that are free.',
    body: moveQuoteBody,
    answers: { 200: z.object({ quote: z.object({ from: z.array(count), to: z.array(count), difference, currency }) }) },
    refuses: ['NOT_MOVABLE', 'SEAT_TAKEN', 'SALE_CLOSED', 'SALE_PAUSED']
  },
  'GET /bookings/{id}/tickets.pdf': {
    ...{ id: 'getTickets', tag: 'Bookings', summary: 'The tickets to print', who: 'user' },
    answers: { 200: pdf }
  },
  'GET /bookings/{id}/calendar.ics': {
    ...{ id: 'getCalendarEntry', tag: 'Bookings', summary: 'The show for your calendar', who: 'user' },
    answers: { 200: { types: ['text/calendar'], says: 'One event' } }
  },
  'POST /payments/{id}/sandbox': {
    ...{ id: 'decideSandboxPayment', tag: 'Payments', summary: 'Say how a payment of the sandbox ends', who: 'user' },
    ...{ body: sandboxBody, key: 'optional' },
    answers: { 202: z.object({ accepted: z.literal(true) }) },
    refuses: ['ALREADY_USED', 'HOLD_EXPIRED']
  },
  'POST /webhooks/{gateway}': {
    ...{ id: 'receiveWebhook', tag: 'Payments', summary: 'What a payment gateway has to say', who: 'gateway' },
    body: { types: ['application/json'], says: 'As the gateway sends it, signed in its own way' },
    answers: { 200: z.object({ received: z.literal(true) }) },
    refuses: ['BAD_SIGNATURE']
  },
  'POST /shows/{id}/waiting': {
    ...{ id: 'joinWaitingList', tag: 'Waiting list', summary: 'Wait for seats of a sold-out show', who: 'user' },
    ...{ body: waitingBody, key: 'optional' },
    answers: { 201: z.object({ wish }) },
    refuses: ['SEATS_LEFT', 'ALREADY_WAITING', 'CAP_REACHED', 'SALE_CLOSED', 'SALE_PAUSED']
  },
  'DELETE /shows/{id}/waiting': {
    ...{ id: 'leaveWaitingList', tag: 'Waiting list', summary: 'Wait no longer', who: 'user' },
    answers: { 204: null }
  },
  'GET /waiting/mine': {
    ...{ id: 'listMyWishes', tag: 'Waiting list', summary: 'What you wait for', who: 'user' },
    description: 'They are few: there are no pages of them.',
    answers: { 200: z.object({ items: z.array(wish), next: z.null() }) }
  },
  'POST /waiting/{id}/decline': {
    ...{ id: 'declineOffer', tag: 'Waiting list', summary: 'Give an offer to the next in the list', who: 'user' },
    ...{ key: 'optional' },
    answers: { 200: z.object({ wish }) },
    refuses: ['HOLD_EXPIRED']
  }
} as const satisfies Operations;
