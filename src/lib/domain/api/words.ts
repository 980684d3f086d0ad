import type { Who } from './operation.ts';

/** What the documents say in words. */
export const WORDS = {
  api: `Numbered seats, sold live. JSON in, JSON out; errors are RFC 9457 problems with a stable \`code\`.

Money is an integer in minor units with its ISO 4217 currency. Times are RFC 3339. Lists take \`limit\` (20 unless told, at
most 100) and \`cursor\`, and answer \`{items, next}\`: pages stay right while rows are added and removed.

Seats change while you look: the sockets (\`/api/v1/asyncapi.json\`) say so at once.`,
  key: 'Yours to choose, a new one for each thing you want done. The same key with the same body gets the same answer and changes nothing more; with another body it is refused (IDEMPOTENCY_CONFLICT).',
  replayed: 'This is the answer of an earlier request with the same Idempotency-Key.',
  bearer: 'A session’s token from `POST /auth/login`, or an API token',
  who: {
    anyone: 'For anyone.',
    buyer: 'For buyers: users, and guests with a buyer token.',
    user: 'For users.',
    staff: 'For staff at the door, organizers and admins.',
    manager: 'For organizers, with what is theirs, and admins. What belongs to somebody else does not exist: 404.',
    admin: 'For admins.',
    gateway: 'For the payment gateway, which signs the body.'
  } satisfies Record<Who, string>,
  statuses: { 200: 'Done', 201: 'Made', 202: 'Accepted', 204: 'Done, and nothing to say' } as Readonly<
    Record<number, string>
  >
} as const;

/** In the order in which Swagger UI shows them. */
export const TAGS = [
  { name: 'Catalogue', description: 'What is on, and the seats' },
  { name: 'Holds', description: 'Seats that are yours for a while' },
  { name: 'Bookings' },
  { name: 'Payments' },
  { name: 'Waiting list' },
  { name: 'Accounts' },
  { name: 'Venues' },
  { name: 'Seating plans' },
  { name: 'Events' },
  { name: 'Shows' },
  { name: 'Promo codes' },
  { name: 'Control room', description: 'While a show is on sale' },
  { name: 'Check-in', description: 'At the door' },
  { name: 'Reports' },
  { name: 'Webhooks', description: 'Messages to other programs' },
  { name: 'Embedding', description: 'Seat maps on other sites' },
  { name: 'Documents' }
];
