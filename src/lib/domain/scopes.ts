import { z } from 'zod';

/**
 * What an API token may be good for. A token does what its owner may do at that moment, and of that only what its scopes
 * name. Whatever is not in the table below is closed to every token.
 */
export const SCOPES = {
  'catalogue:read': 'Read events, shows, venues, seating plans and promo codes',
  'catalogue:write': 'Create, change and delete them',
  'sales:read': 'Read bookings with their buyers’ names and addresses, reports and the audit log',
  'bookings:write': 'Refund and move bookings, send tickets again, and cancel shows',
  control: 'Run shows: pause a sale, block seats, see and end holds, send notices, rehearse and replay a sale',
  'check-in': 'Check tickets at the door, and see the names on them',
  buy: 'Hold and book seats for the token’s owner',
  webhooks: 'See and change webhooks',
  'users:read': 'Read the list of accounts (admins only)'
} as const;

export type Scope = keyof typeof SCOPES;
const names = Object.keys(SCOPES) as [Scope, ...Scope[]];
export const scope = z.enum(names, 'is not a scope of ours');
export const ADMIN_SCOPES: readonly Scope[] = ['users:read'];

/** `any`: every token may. `none`: what only people do who have signed in, and what needs nobody to be recognised. */
export type Access = Scope | 'any' | 'none';

/** `GET /events/[id]` by method and route, as the files of src/routes/api/v1 are called. */
const ACCESS: Readonly<Record<string, Access>> = {
  ...every('any', 'GET /me', 'GET /[...rest]', 'POST /[...rest]', 'PUT /[...rest]', 'PATCH /[...rest]'),
  ...every('any', 'DELETE /[...rest]', 'GET /openapi.json', 'GET /asyncapi.json', 'GET /docs'),
  ...every('none', 'POST /auth/email', 'POST /auth/login', 'POST /auth/logout', 'POST /auth/password-reset'),
  ...every('none', 'POST /auth/password', 'POST /auth/signup', 'PATCH /me', 'DELETE /me', 'POST /me/email'),
  ...every('none', 'GET /me/export', 'POST /me/password', 'GET /me/sessions', 'DELETE /me/sessions'),
  ...every('none', 'DELETE /me/sessions/[id]', 'GET /me/tokens', 'POST /me/tokens', 'DELETE /me/tokens/[id]'),
  ...every('none', 'PATCH /admin/users/[id]', 'PUT /admin/users/[id]/suspension'),
  ...every('none', 'DELETE /admin/users/[id]/suspension', 'POST /webhooks/[gateway]'),

  ...every('catalogue:read', 'GET /events', 'GET /events/[id]', 'GET /shows', 'GET /shows/[id]'),
  ...every('catalogue:read', 'GET /shows/[id]/plan', 'GET /shows/[id]/seats', 'GET /shows/[id]/plan-change'),
  ...every('catalogue:read', 'GET /shows/[id]/waiting-room', 'GET /shows/[id]/waiting-room/draw'),
  ...every('catalogue:read', 'GET /venues', 'GET /venues/[id]', 'GET /promo-codes', 'GET /promo-codes/[id]'),
  ...every('catalogue:read', 'GET /plans', 'GET /plans/[id]', 'GET /plans/[id]/draft', 'GET /plans/[id]/export'),
  ...every('catalogue:read', 'GET /plans/[id]/geometry', 'GET /plans/[id]/versions', 'GET /embed-sites'),

  ...every('catalogue:write', 'POST /events', 'PATCH /events/[id]', 'DELETE /events/[id]'),
  ...every('catalogue:write', 'PUT /events/[id]/banner', 'DELETE /events/[id]/banner', 'POST /pictures'),
  ...every('catalogue:write', 'POST /shows', 'POST /shows/runs', 'PATCH /shows/[id]', 'DELETE /shows/[id]'),
  ...every('catalogue:write', 'POST /shows/[id]/plan-change', 'POST /promo-codes', 'PATCH /promo-codes/[id]'),
  ...every('catalogue:write', 'POST /venues', 'PATCH /venues/[id]', 'DELETE /venues/[id]', 'POST /plans'),
  ...every('catalogue:write', 'PATCH /plans/[id]', 'DELETE /plans/[id]', 'PUT /plans/[id]/draft'),
  ...every('catalogue:write', 'POST /plans/[id]/draft', 'POST /plans/[id]/duplicate', 'POST /plans/[id]/publish'),
  ...every('catalogue:write', 'POST /plans/import', 'POST /embed-sites', 'DELETE /embed-sites/[id]'),

  ...every('sales:read', 'GET /admin/audit', 'GET /admin/audit.csv', 'GET /admin/bookings', 'GET /admin/bookings.csv'),
  ...every('sales:read', 'GET /admin/bookings/[id]', 'GET /admin/events.csv', 'GET /admin/live'),
  ...every('sales:read', 'GET /admin/reports/[name]', 'GET /admin/reports/[name].csv', 'GET /admin/shows.csv'),
  ...every('sales:read', 'GET /admin/tickets.csv', 'GET /admin/venues.csv', 'GET /shows/[id]/cancellation'),
  ...every('sales:read', 'GET /shows/[id]/tickets.pdf'),
  ...every('bookings:write', 'POST /admin/bookings/[id]/refund', 'POST /shows/[id]/cancel'),
  ...every('bookings:write', 'POST /admin/bookings/[id]/move', 'POST /admin/bookings/[id]/send-tickets'),

  ...every('control', 'POST /shows/[id]/pause', 'POST /shows/[id]/resume', 'POST /shows/[id]/broadcast'),
  ...every('control', 'POST /shows/[id]/blocks', 'DELETE /shows/[id]/blocks', 'GET /shows/[id]/live-holds'),
  ...every('control', 'DELETE /shows/[id]/live-holds/[holdId]', 'GET /shows/[id]/live-seats/[seat]'),

  ...every('control', 'GET /admin/shows/[id]/rehearsal', 'POST /admin/shows/[id]/rehearsal'),
  ...every('control', 'DELETE /admin/shows/[id]/rehearsal', 'GET /admin/shows/[id]/replay'),
  ...every('control', 'GET /admin/shows/[id]/seat-events'),

  ...every('control', 'POST /shows/[id]/waiting-room/pause', 'POST /shows/[id]/waiting-room/resume'),

  ...every('check-in', 'POST /check-ins', 'GET /check-ins/counts', 'GET /check-ins/list', 'POST /check-ins/merge'),
  ...every('check-in', 'GET /check-ins/search', 'POST /check-ins/undo'),

  ...every('buy', 'POST /buyers', 'POST /shows/[id]/holds', 'GET /holds/[id]', 'PATCH /holds/[id]'),
  ...every('buy', 'DELETE /holds/[id]', 'GET /holds/[id]/quote', 'POST /bookings', 'GET /bookings/mine'),
  ...every('buy', 'GET /bookings/[id]', 'POST /bookings/[id]/cancel', 'GET /bookings/[id]/tickets.pdf'),
  ...every('buy', 'GET /bookings/[id]/calendar.ics', 'POST /payments/[id]/sandbox', 'GET /waiting/mine'),
  ...every('buy', 'POST /bookings/[id]/move', 'DELETE /bookings/[id]/move', 'POST /bookings/[id]/move/quote'),
  ...every('buy', 'GET /shows/[id]/waiting', 'POST /shows/[id]/waiting', 'DELETE /shows/[id]/waiting'),
  ...every('buy', 'POST /waiting/[id]/decline'),
  ...every('buy', 'POST /shows/[id]/waiting-room', 'DELETE /shows/[id]/waiting-room'),

  ...every('webhooks', 'GET /webhook-endpoints', 'POST /webhook-endpoints', 'GET /webhook-endpoints/[id]'),
  ...every('webhooks', 'PATCH /webhook-endpoints/[id]', 'DELETE /webhook-endpoints/[id]'),
  ...every('webhooks', 'POST /webhook-endpoints/[id]/secret', 'POST /webhook-endpoints/[id]/test'),
  ...every('webhooks', 'GET /webhook-endpoints/[id]/deliveries'),
  ...every('webhooks', 'POST /webhook-endpoints/[id]/deliveries/[delivery]/replay'),

  ...every('users:read', 'GET /admin/users', 'GET /admin/users.csv', 'GET /admin/users/[id]')
};

function every(access: Access, ...operations: string[]): Record<string, Access> {
  return Object.fromEntries(operations.map((operation) => [operation, access]));
}

/** What a token needs for this operation; null for one that the table does not know, which is closed. */
export const accessOf = (method: string, route: string): Access | null =>
  ACCESS[`${method === 'HEAD' ? 'GET' : method} ${route}`] ?? null;

/** The operations that the table names: a test holds them against the routes there are. */
export const operations: readonly string[] = Object.keys(ACCESS);
