import { z } from 'zod';
import { name } from './field.ts';

/** What can be told to an endpoint. A message is thin: it names things by their ids, and the API has the rest. */
export const WEBHOOK_EVENTS = {
  'booking.confirmed': 'A booking is paid for, and its tickets are valid',
  'booking.cancelled': 'A confirmed booking is over: given back, or its show is cancelled',
  'booking.refunded': 'Money of a booking went back, for all of its seats or for some',
  'ticket.checked_in': 'Somebody was let in',
  'ticket.check_in_undone': 'An admission was taken back',
  'show.created': 'There is a new show',
  'show.changed': 'A show has other times, prices or terms, another plan, or its sale was paused or resumed',
  'show.cancelled': 'A show does not take place',
  'show.deleted': 'A show that nobody had booked is gone'
} as const;
export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
const names = Object.keys(WEBHOOK_EVENTS) as [WebhookEvent, ...WebhookEvent[]];
export const webhookEvent = z.enum(names, 'is not an event of ours');

/** What an endpoint is sent to try it out, whatever it chose. */
export const TEST_EVENT = 'webhook.test';

const target = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(2000, 'must have at most 2000 characters')
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an address with https://')
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    'must not hold a name or password: the signature says who we are'
  );

export const webhookBody = z.strictObject({
  name: name(80),
  url: target,
  events: z
    .array(webhookEvent)
    .min(1, 'are missing: choose at least one')
    .transform((events) => [...new Set(events)]),
  active: z.boolean().default(true)
});
export type WebhookBody = z.infer<typeof webhookBody>;

export const webhookPatch = z.strictObject({
  ...webhookBody.partial().shape,
  active: z.boolean().optional(),
  version: z.int().optional()
});
export type WebhookPatch = z.infer<typeof webhookPatch>;

export const deliveriesQuery = z.object({
  state: z.enum(['WAITING', 'DONE', 'FAILED']).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30)
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuery>;

/**
 * The message as it is sent. `version` counts up when a field changes its meaning or goes; new fields come without it.
 * Every `data` but that of a test has `showId` and `eventId`.
 */
export const webhookMessage = z.object({
  type: z.string(),
  version: z.literal(1),
  /** When it happened (RFC 3339). */
  timestamp: z.iso.datetime(),
  data: z.record(z.string(), z.unknown())
});
export type WebhookMessage = z.infer<typeof webhookMessage>;
