import { z } from 'zod';
import { catalogId } from './ids.ts';
import { eventKind, pageQuery } from './protocol.ts';

/** What can be asked of the desk's reports and lists. Days are those of a time zone, first and last included. */

export const reportName = z.enum([
  ...['sales', 'events', 'shows', 'tiers', 'venues'],
  ...['occupancy', 'conversion', 'refunds']
] as const);
export type ReportName = z.infer<typeof reportName>;

export const reportQuery = z.object({
  from: z.iso.date('is not a day, such as 2026-12-12').optional(),
  to: z.iso.date('is not a day, such as 2026-12-12').optional(),
  /** Whose days and hours: an IANA name; the venue's, or that of most venues, when it is left out. */
  zone: z.string().max(60).optional(),
  by: z.enum(['hour', 'day', 'week']).default('day'),
  event: catalogId.optional(),
  venue: catalogId.optional(),
  kind: eventKind.optional()
});
export type ReportQuery = z.infer<typeof reportQuery>;

/** How a column is shown: money is minor units of the row's `currency`, a share 0 … 1, a time RFC 3339. */
const columnIs = z.enum(['text', 'count', 'money', 'share', 'time']);
const column = z.object({ key: z.string(), label: z.string(), is: columnIs });
export type Column = z.infer<typeof column>;
const cell = z.union([z.string(), z.number(), z.null()]);
const row = z.record(z.string(), cell).readonly();
export type Row = z.infer<typeof row>;

export const report = z.object({
  name: reportName,
  columns: z.array(column),
  rows: z.array(row),
  from: z.string().describe('The days that were looked at'),
  to: z.string(),
  zone: z.string().describe('Whose days')
});
export type Report = z.infer<typeof report>;

const search = {
  ...pageQuery.shape,
  q: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\p{Cc}]*$/u)
    .optional()
};
const days = { from: z.iso.date().optional(), to: z.iso.date().optional() };

export const bookingStatus = z.enum(['PENDING', 'CONFIRMED', 'CANCELLED', 'EXPIRED', 'REFUND_DUE', 'REFUNDED']);
/** `q` is a part of the buyer's name or address, or a booking's id or its beginning. Days are those of UTC. */
export const bookingsQuery = z.object({
  ...{ ...search, ...days },
  event: catalogId.optional(),
  show: catalogId.optional(),
  status: bookingStatus.optional()
});
export type BookingsQuery = z.infer<typeof bookingsQuery>;

export const auditKind = z.enum([
  'venue',
  'plan',
  'event',
  'show',
  'promo',
  'booking',
  'user',
  'token',
  'webhook',
  'site'
]);
/** `q` is a part of the name or address of who did it. */
export const auditQuery = z.object({
  ...{ ...search, ...days },
  kind: auditKind.optional(),
  action: z
    .string()
    .trim()
    .max(40)
    .regex(/^[a-z -]*$/, 'is no action')
    .optional(),
  thing: z
    .string()
    .trim()
    .max(64)
    .regex(/^[0-9a-z-]*$/, 'is not an id of ours')
    .optional()
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const userRole = z.enum(['customer', 'staff', 'organizer', 'admin']);
export const usersQuery = z.object({ ...search, role: userRole.optional() });
export type UsersQuery = z.infer<typeof usersQuery>;
export const rolePatch = z.strictObject({ role: userRole });

export const exportQuery = z.object({ bom: z.enum(['0', '1'], 'must be 0 or 1').default('0') });
