import type { Report } from '#domain/reports.ts';
import type { RoomPlace, RoomState } from '#domain/waiting-room.ts';
import type { Answer } from '$lib/check-in/gate.svelte.ts';
import type { EventSummary } from '../../../server/catalog/catalog.ts';
import { CURRENCY, NOW } from './sample-show.ts';

/** What the documented components are shown with: invented, and always the same. */

const startsAt = new Date(NOW + 75 * 60_000).toISOString();

const summary: EventSummary = {
  ...{ id: 'sample', slug: 'sample', kind: 'theatre', title: 'The Cherry Orchard', performers: '', description: '' },
  ...{ durationMin: 150, rating: '', tags: [], banner: null, showCount: 3, soldShare: 0.41 },
  nextShow: {
    ...{ id: 'sample', startsAt, timeZone: 'Europe/Berlin', currency: CURRENCY, priceFrom: 1800, sale: 'open' },
    ...{ available: 71, capacity: 120, cancelled: null },
    venue: { id: 'sample', name: 'Cellar Club', room: null, city: 'Berlin' }
  }
};

const withShow = (change: Partial<NonNullable<EventSummary['nextShow']>>): EventSummary['nextShow'] =>
  summary.nextShow && { ...summary.nextShow, ...change };

export const CARDS: readonly { says: string; event: EventSummary }[] = [
  { says: 'on sale', event: summary },
  { says: 'almost sold out', event: { ...summary, title: 'Hamlet', soldShare: 0.96, showCount: 1 } },
  {
    says: 'sold out',
    event: { ...summary, title: 'Anoushka: Strings', soldShare: 1, nextShow: withShow({ available: 0 }) }
  },
  { says: 'sale closed', event: { ...summary, title: 'City v. United', nextShow: withShow({ sale: 'closed' }) } },
  {
    says: 'a long title, no show yet',
    event: {
      ...{ ...summary, title: 'Of those who never came back from the far side of the Black Forest' },
      ...{ nextShow: null, soldShare: null, showCount: 0 }
    }
  }
];

/** A drawing in the size of a code: what is scanned is made by the server alone. */
const squares = Array.from({ length: 21 * 21 }, (_, n) => n)
  .filter((n) => (n * 7919 + (n >> 3) * 104_729) % 7 < 3)
  .map((n) => `M${n % 21} ${Math.floor(n / 21)}h1v1h-1z`);
const qr = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 25 25"><path d="${squares.join('')}"/></svg>`;

export const TICKET_SHOW = {
  ...{ eventTitle: summary.title, startsAt, timeZone: 'Europe/Berlin' },
  ...{ venueName: 'Cellar Club', room: 'Great hall' }
};
export const TICKETS = [
  { label: 'Floor, row C, seat 3', shortCode: '7KDM2X9QF', qr, checkedInAt: null },
  { label: 'Floor, row C, seat 4', shortCode: '4PXT8W2LA', qr, checkedInAt: startsAt }
];

const ticket = { label: 'Floor, row C, seat 3', attendee: 'Ada Keller', n: 1, of: 2 };
export const ANSWERS: readonly { says: string; answer: Answer | null }[] = [
  { says: 'waiting for a code', answer: null },
  {
    says: 'admitted',
    answer: { kind: 'good', headline: 'Welcome', words: 'Admitted at 19:02.', ticket, undo: 'sample' }
  },
  {
    says: 'already in',
    answer: { kind: 'warn', headline: 'Already in', words: 'Admitted at 18:58 at gate 2.', ticket }
  },
  { says: 'refused', answer: { kind: 'bad', headline: 'Not valid', words: 'This is no ticket of this show.' } }
];

const room = {
  ...{ showId: '00000000-0000-4000-8000-000000000000', opensAt: startsAt, commitment: '5e'.repeat(32) },
  ...{ inside: 40, admittedTo: 312, perMinute: 60, paused: false, serverTime: NOW, waiting: 1204 }
};
const lobby: RoomState = { ...room, phase: 'lobby', entrants: null, listHash: null, drawn: false };
const drawn: RoomState = { ...room, phase: 'open', entrants: 1516, listHash: 'a7'.repeat(32), drawn: true };
export const ROOMS: readonly { says: string; room: RoomState }[] = [
  { says: 'before the draw', room: lobby },
  { says: 'drawn', room: drawn }
];
const inLine: Omit<RoomPlace, 'room'> = { state: 'waits', ticket: null, place: 1124, before: 811, admittedUntil: null };
export const LINES: readonly { says: string; place: RoomPlace; before: number }[] = [
  { says: 'before the sale opens', place: { ...inLine, place: 0, room: lobby }, before: 0 },
  { says: 'in the line', place: { ...inLine, room: drawn }, before: 811 },
  { says: 'next', place: { ...inLine, place: 313, room: drawn }, before: 0 },
  { says: 'admission rests', place: { ...inLine, room: { ...drawn, paused: true } }, before: 811 }
];

const days = [12_400, 18_200, 9_600, 31_000, 42_800, 38_400, 22_000];
export const SALES: Report = {
  ...{ name: 'sales', from: '2031-12-06', to: '2031-12-12', zone: 'Europe/Berlin' },
  columns: [
    { key: 'period', label: 'Day', is: 'text' },
    { key: 'tickets', label: 'Tickets', is: 'count' },
    { key: 'revenue', label: 'Revenue', is: 'money' }
  ],
  rows: days.map((revenue, n) => ({
    ...{ period: `2031-12-${String(6 + n).padStart(2, '0')}`, tickets: Math.round(revenue / 260) },
    ...{ revenue: revenue * 10, currency: CURRENCY }
  }))
};
export const OCCUPANCY: Report = {
  ...SALES,
  name: 'occupancy',
  columns: [
    { key: 'show', label: 'Show', is: 'text' },
    { key: 'booked', label: 'Booked', is: 'count' },
    { key: 'share', label: 'Full', is: 'share' }
  ],
  rows: [
    ['The Cherry Orchard', 118, 0.98],
    ['Hamlet', 64, 0.53],
    ['City v. United', 12, 0.1]
  ].map(([event = '', booked = 0, share = 0]) => ({
    ...{ name: event, show: event, booked, share },
    startsAt,
    timeZone: 'Europe/Berlin'
  }))
};
export const NOTHING_SOLD: Report = { ...SALES, rows: [] };
