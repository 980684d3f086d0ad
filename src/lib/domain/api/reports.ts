import { z } from 'zod';
import {
  auditQuery,
  bookingStatus,
  bookingsQuery,
  exportQuery,
  report,
  reportName,
  reportQuery,
  rolePatch,
  userRole,
  usersQuery
} from '#domain/reports.ts';
import { amount, count, currency, page, text, time, zone } from './fields.ts';
import { named } from './named.ts';
import type { Operations, Raw } from './operation.ts';

/** What the desk looks up: bookings, reports, the audit log, accounts; and the same as CSV. */
const person = z.object({ name: text, email: text });

const bookingLine = named(
  'BookingLine',
  z.object({
    ...{ id: z.uuid(), status: bookingStatus, createdAt: time, buyer: person },
    event: z.object({ id: text, title: text }),
    show: z.object({ id: text, startsAt: time, timeZone: zone }),
    venue: text.describe('With its room'),
    ...{ seats: count, total: amount, currency }
  })
);

const auditLine = named(
  'AuditLine',
  z.object({
    ...{ id: count, at: time, who: person, action: text, kind: text },
    thing: z.object({ id: text, name: text }),
    changed: z.array(z.object({ field: text, before: text.nullable(), after: text.nullable() }))
  })
);

const bookingDetails = named(
  'BookingDetails',
  bookingLine.extend({
    confirmedAt: time.nullable(),
    expiresAt: time,
    lines: z.array(
      z.object({
        ...{ index: count, label: text, tier: text, ticketType: text.nullable(), price: amount, basePrice: amount },
        ...{ discount: amount, fees: amount, tax: amount, live: z.boolean(), ticketId: z.uuid().nullable() },
        checkedInAt: time.nullable()
      })
    ),
    payments: z.array(
      z.object({
        ...{ id: z.uuid(), gateway: text, reference: text.nullable(), status: text, amount, currency },
        moveId: z.uuid().nullable().describe('It is for the difference of this move'),
        ...{ createdAt: time, settledAt: time.nullable() }
      })
    ),
    mails: z.array(
      z.object({
        ...{ key: text, letter: text, recipient: text.nullable(), state: z.enum(['queued', 'sent', 'failed']) },
        ...{ finally: z.boolean(), at: time, attempts: count, why: text.nullable() }
      })
    ),
    history: z.array(auditLine)
  })
);

named('Report', report);

const today = named(
  'Today',
  z.object({
    ...{ at: time, zone },
    sums: z.array(
      z.object({ currency, tickets: count, revenue: amount, ticketsLastWeek: count, revenueLastWeek: amount })
    ),
    shows: z.array(
      z.object({
        ...{ id: text, title: text, startsAt: time, timeZone: zone, capacity: count },
        ...{ held: count.nullable(), booked: count.nullable(), viewers: count }
      })
    )
  })
);

const listedUser = named(
  'Account',
  z.object({
    ...{ id: z.uuid(), email: text, name: text, role: userRole, since: time, bookings: count },
    suspendedAt: time.nullable().describe('Since when nobody can sign in with it')
  })
);

const csv: Raw = { types: ['text/csv'], says: 'One line a row, safe to open in a spreadsheet' };
const [tag, who] = ['Reports', 'manager'] as const;
const byName = { params: { name: reportName } } as const;
const bom = exportQuery.shape;

export const reportOperations = {
  'GET /admin/bookings': {
    ...{ id: 'listBookings', tag, summary: 'Bookings of your shows', who, query: bookingsQuery },
    answers: { 200: page(bookingLine) }
  },
  'GET /admin/bookings/{id}': {
    ...{ id: 'getBookingDetails', tag, summary: 'A booking with everything that happened to it', who },
    answers: { 200: bookingDetails }
  },
  'GET /admin/reports/{name}': {
    ...{ id: 'getReport', tag, summary: 'A report', who, ...byName, query: reportQuery },
    answers: { 200: report }
  },
  'GET /admin/reports/{name}.csv': {
    ...{ id: 'exportReport', tag, summary: 'A report as CSV', who, ...byName, query: reportQuery.extend(bom) },
    answers: { 200: csv }
  },
  'GET /admin/live': {
    ...{ id: 'getToday', tag, summary: 'Today’s figures, once or again and again', who },
    description: 'Whoever accepts `text/event-stream` gets them whenever they change.',
    answers: { 200: today },
    otherwise: { types: ['text/event-stream'], says: 'An event for each change' }
  },
  'GET /admin/audit': {
    ...{ id: 'listAudit', tag, summary: 'Who changed what', who, query: auditQuery },
    answers: { 200: page(auditLine) }
  },
  'GET /admin/users': {
    ...{ id: 'listUsers', tag, summary: 'Accounts', who: 'admin', query: usersQuery },
    answers: { 200: page(listedUser) }
  },
  'GET /admin/users/{id}': {
    ...{ id: 'getUser', tag, summary: 'An account', who: 'admin' },
    answers: { 200: listedUser }
  },
  'PATCH /admin/users/{id}': {
    ...{ id: 'giveRole', tag, summary: 'Give somebody a role', who: 'admin', body: rolePatch },
    answers: { 200: listedUser }
  },
  'PUT /admin/users/{id}/suspension': {
    ...{ id: 'suspendUser', tag, summary: 'Shut an account out', who: 'admin' },
    description: 'Sessions, sockets and API tokens end, webhooks hear nothing. What was bought and is sold stays.',
    answers: { 200: listedUser }
  },
  'DELETE /admin/users/{id}/suspension': {
    ...{ id: 'restoreUser', tag, summary: 'Let an account in again', who: 'admin' },
    answers: { 200: listedUser }
  },
  'GET /admin/bookings.csv': {
    ...{ id: 'exportBookings', tag, summary: 'Bookings as CSV', who, query: bookingsQuery.extend(bom) },
    answers: { 200: csv }
  },
  'GET /admin/tickets.csv': {
    ...{ id: 'exportTickets', tag, summary: 'Tickets as CSV', who, query: bookingsQuery.extend(bom) },
    answers: { 200: csv }
  },
  'GET /admin/venues.csv': {
    ...{ id: 'exportVenues', tag, summary: 'Venues as CSV', who, query: exportQuery },
    answers: { 200: csv }
  },
  'GET /admin/events.csv': {
    ...{ id: 'exportEvents', tag, summary: 'Events as CSV', who, query: exportQuery },
    answers: { 200: csv }
  },
  'GET /admin/shows.csv': {
    ...{ id: 'exportShows', tag, summary: 'Shows as CSV', who, query: exportQuery },
    answers: { 200: csv }
  },
  'GET /admin/audit.csv': {
    ...{
      id: 'exportAudit',
      tag,
      summary: 'The audit log as CSV, values as they are stored',
      who,
      query: auditQuery.extend(bom)
    },
    answers: { 200: csv }
  },
  'GET /admin/users.csv': {
    ...{ id: 'exportUsers', tag, summary: 'Accounts as CSV', who: 'admin', query: usersQuery.extend(bom) },
    answers: { 200: csv }
  }
} as const satisfies Operations;
