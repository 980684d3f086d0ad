import type { Language } from '#domain/language.ts';
import type { WaitingWish } from '#domain/waiting.ts';
import type { OutboxKind } from '../booking/outbox.ts';
import type { TicketView } from '../booking/ticket-views.ts';
import type { BookingView } from '../booking/views.ts';
import type { PaidMoveView } from '../booking/paid-move-views.ts';
import type { RefundView } from '../booking/refund-views.ts';
import type { ShowFacts } from '../catalog/show-changes.ts';
import { speak } from '../language.ts';
import * as account from './templates/account-letters.ts';
import { cancelledLetter } from './templates/cancelled.ts';
import { confirmationLetter } from './templates/confirmation.ts';
import { movedLetter } from './templates/moved.ts';
import { movePaymentLetter, moveRefundedLetter } from './templates/paid-move.ts';
import { monthlyReportLetter, type MonthFigures } from './templates/monthly-report.ts';
import { paymentFailedLetter } from './templates/payment-failed.ts';
import { refundDueLetter } from './templates/refund-due.ts';
import { webhookDisabledLetter } from './templates/webhook-disabled.ts';
import { waitingOfferLetter } from './templates/waiting-offer.ts';
import { reminderLetter } from './templates/reminder.ts';
import { seatsRefundedLetter } from './templates/seats-refunded.ts';
import { differencesOf, showChangedLetter } from './templates/show-changed.ts';
import type { Letter } from './transport.ts';

/** Every mail there is, with invented contents: for whoever works on the templates, and never sent. */
export interface Samples {
  readonly names: readonly SampleName[];
  letter(name: SampleName, language: Language): Promise<Letter>;
}

/** One for each kind of mail, so that a new one cannot be forgotten; a second where it can say something else. */
type MailName = OutboxKind extends infer Kind ? (Kind extends `mail.${infer Name}` ? Name : never) : never;
type SampleName = MailName | 'payment-failed-too-late' | 'cancelled-show';

const NAME = 'Ada Lovelace';
const BOOKING = '3f0f4b1e-6c2a-4d5b-9e8f-7a1b2c3d4e5f';
const CHARGED = { tierName: 'Stalls', price: 4500, basePrice: 4300, discount: 0, fees: 200, tax: 0 };
const SEATS = [
  { index: 0, label: 'Stalls, row F, seat 7', short: 'F7', ticketType: 'Adult', ...CHARGED },
  { index: 1, label: 'Stalls, row F, seat 8', short: 'F8', ticketType: null, ...CHARGED }
];
const RECEIPT = {
  ...{ subtotal: 8600, discount: 0, promoCode: null },
  fees: [{ name: 'Booking fee', amount: 400 }],
  tax: { name: 'VAT', amount: 1437, included: true }
};
const SHOW = {
  startsAt: '2026-12-12T14:00:00.000Z',
  ...{ cancelled: null, timeZone: 'Asia/Kolkata', venueName: 'Opera House', venueAddress: '1 Bridge Road' },
  ...{
    room: 'Great hall',
    city: 'Mumbai',
    eventTitle: 'The Magic Flute & Other Animals',
    eventSlug: 'the-magic-flute',
    banner: null
  }
};

const booking = (change: Partial<BookingView> = {}): BookingView => ({
  ...{ id: BOOKING, status: 'CONFIRMED', showId: 'sampleshow00', seats: [0, 1], lines: SEATS, returned: [] },
  ...{ total: 9000, refunded: 0, currency: 'EUR', holdId: 'sampleshow00.samplehold00', receipt: RECEIPT },
  ...{ createdAt: '2026-11-20T09:00:00.000Z', expiresAt: '2026-11-20T09:15:00.000Z' },
  ...{ confirmedAt: '2026-11-20T09:01:00.000Z', cancellableUntil: '2026-12-11T14:00:00.000Z', show: SHOW },
  ...change
});

const TICKETS: TicketView[] = SEATS.map(({ index, label }, n) => ({
  ...{ id: `${BOOKING.slice(0, -1)}${n}`, seatIndex: index, label, checkedInAt: null },
  ...{ code: `FH1.sample-ticket-that-lets-nobody-in-${n}.AAAAAAAAAAAAAAAAAAAAAA`, shortCode: `7KDM2X9Q${n}` }
}));

const MOVE: PaidMoveView = {
  ...{
    id: 'a1b2c3d4-0000-4000-8000-000000000002',
    status: 'PENDING',
    difference: 2500,
    currency: 'EUR',
    offered: true
  },
  from: [{ index: 7, label: 'Stalls, row B, seat 3' }],
  to: [{ index: 0, label: 'Stalls, row F, seat 7' }],
  expiresAt: '2026-11-22T09:00:00.000Z',
  payment: {
    ...{ id: 'a1b2c3d4-0000-4000-8000-000000000003', status: 'PENDING', redirectUrl: null },
    ...{ amount: 2500, currency: 'EUR' }
  }
};

const refund = (seats: number[] | null, amount: number): RefundView => ({
  ...{ id: 'b1c2d3e4-0000-4000-8000-000000000001', bookingId: BOOKING, amount, currency: 'EUR', seats },
  ...{ reason: 'A camera needs the place', status: 'PENDING', requestedBy: null, attempts: 0, error: null },
  ...{ createdAt: '2026-11-21T09:00:00.000Z', settledAt: null, partOf: null }
});

const WAS: ShowFacts = {
  ...{ startsAt: '2026-12-12T14:00:00Z', doorsAt: '2026-12-12T13:00:00Z' },
  venue: { name: 'Opera House', address: '1 Bridge Road', city: 'Mumbai', timeZone: 'Asia/Kolkata' },
  plan: { name: 'Great hall', number: 1 }
};
const BECOMES: ShowFacts = {
  ...{ startsAt: '2026-12-13T14:30:00Z', doorsAt: '2026-12-13T13:30:00Z' },
  venue: { ...WAS.venue, address: '1 Bridge Road, stage door' },
  plan: { name: 'Great hall', number: 2 }
};

const hall = (name: string, day: number, tickets: number) => ({
  ...{ name, startsAt: `2026-10-${day}T17:30:00Z`, venue: 'Opera House', timeZone: 'Asia/Kolkata', currency: 'EUR' },
  ...{ bookings: Math.ceil(tickets / 2), tickets, revenue: tickets * 4500 }
});
const FIGURES: MonthFigures = {
  ...{ month: '2026-10-01', zone: 'Asia/Kolkata' },
  totals: [{ bookings: 421, tickets: 842, revenue: 3_789_000, currency: 'EUR' }],
  events: [
    { name: 'The Magic Flute & Other Animals', bookings: 300, tickets: 600, revenue: 2_700_000, currency: 'EUR' },
    { name: 'An Evening of Quartets', bookings: 121, tickets: 242, revenue: 1_089_000, currency: 'EUR' }
  ],
  shows: [
    hall('The Magic Flute & Other Animals', 10, 380),
    hall('An Evening of Quartets', 17, 242),
    hall('The Magic Flute & Other Animals', 11, 220)
  ],
  houses: { shows: 3, capacity: 1200, sold: 842, checkedIn: 790 }
};

const OFFER = {
  holdId: 'sampleshow00.samplehold00',
  endsAt: '2026-11-21T09:30:00.000Z',
  seats: SEATS.map(({ label }) => label)
};
const WISH: WaitingWish = {
  ...{ id: 'c2d3e4f5-0000-4000-8000-000000000002', showId: 'sampleshow00', state: 'OFFERED', count: 2, tiers: [] },
  ...{ ahead: null, createdAt: '2026-11-20T09:00:00.000Z', offer: OFFER, show: SHOW }
};

export function createSamples(origin: string): Samples {
  const about = { name: NAME, origin };
  const to = { name: NAME, url: `${origin}/account` };
  const cancelledShow = {
    ...SHOW,
    cancelled: { at: '2026-12-01T09:00:00.000Z', reason: 'The Queen of the Night is ill' }
  };
  const late = () =>
    paymentFailedLetter({
      ...about,
      booking: booking({ status: 'EXPIRED', confirmedAt: null, cancellableUntil: null }),
      move: false
    });
  const given = { refund: refund(null, 9000), reason: 'Found a better date' };
  const make: { [K in SampleName]: () => Letter | Promise<Letter> } = {
    confirmation: () => confirmationLetter({ ...about, booking: booking(), tickets: TICKETS }),
    'confirmation-again': () => confirmationLetter({ ...about, booking: booking(), tickets: TICKETS.slice(0, 1) }),
    'payment-failed': () =>
      paymentFailedLetter({
        ...about,
        booking: booking({ status: 'PENDING', confirmedAt: null, cancellableUntil: null }),
        move: false
      }),
    'payment-failed-too-late': late,
    'refund-due': () => refundDueLetter({ ...about, booking: booking({ status: 'REFUND_DUE' }) }),
    'show-changed': () =>
      showChangedLetter({
        ...{ ...about, booking: booking(), differences: differencesOf(WAS, BECOMES) },
        now: new Date('2026-11-21T09:00:00Z')
      }),
    'webhook-disabled': () =>
      webhookDisabledLetter({
        ...{ name: NAME, endpoint: 'Box office screen', since: '2026-11-18T09:00:00.000Z' },
        ...{ error: 'It answered 503.', url: `${origin}/admin/webhooks/samplehook00` }
      }),
    reminder: () => reminderLetter({ ...about, booking: booking(), doorsAt: WAS.doorsAt, day: 'Tomorrow' }),
    cancelled: () => cancelledLetter({ ...about, ...given, own: true, booking: booking({ status: 'REFUND_DUE' }) }),
    'cancelled-show': () =>
      cancelledLetter({
        ...{ ...about, ...given, own: false },
        booking: booking({ status: 'REFUND_DUE', show: cancelledShow })
      }),
    refund: () =>
      seatsRefundedLetter({
        ...{ ...about, refund: refund([1], 4500) },
        booking: booking({ lines: SEATS.slice(0, 1), returned: SEATS.slice(1), refunded: 4500 })
      }),
    moved: () =>
      movedLetter({
        ...{ ...about, booking: booking(), tickets: TICKETS, refund: 1500, paid: 0, own: false },
        ...{ from: ['Stalls, row B, seat 3', 'Stalls, row B, seat 4'], to: SEATS.map(({ label }) => label) }
      }),
    'move-payment': () => movePaymentLetter({ ...about, booking: booking(), move: MOVE }),
    'move-refunded': () => moveRefundedLetter({ ...about, booking: booking(), move: { ...MOVE, status: 'REFUNDED' } }),
    'waiting-offer': () =>
      waitingOfferLetter({
        ...{ name: NAME, wish: WISH, offer: OFFER },
        ...{ acceptUrl: `${origin}/waiting/${WISH.id}`, declineUrl: `${origin}/waiting/${WISH.id}?decline=sample` }
      }),
    'monthly-report': () =>
      monthlyReportLetter({
        ...{ name: NAME, figures: FIGURES, url: `${origin}/admin/reports/shows` },
        file: { filename: 'sales-by-show-2026-10.csv', content: Buffer.from('') }
      }),
    'password-reset': () => account.passwordResetLetter(to),
    'password-changed': () => account.passwordChangedLetter(to),
    'email-confirm': () => account.emailConfirmLetter(to),
    'email-changed': () => account.emailChangedLetter({ ...to, address: 'ada@new.example' })
  };
  return {
    names: Object.keys(make) as SampleName[],
    letter: (name, language) => speak(language, async () => make[name]())
  };
}
