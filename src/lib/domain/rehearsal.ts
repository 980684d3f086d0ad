import { z } from 'zod';

/** A sale that is only rehearsed: invented buyers on a copy of a show. */
export const rehearsalBody = z.strictObject({
  buyers: z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(10, 'must be at least 10')
    .max(500, 'must be at most 500'),
  seconds: z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(10, 'must be at least 10')
    .max(300, 'must be at most 300: five minutes')
});
export type RehearsalBody = z.infer<typeof rehearsalBody>;

/** Milliseconds; null where nothing was timed. */
const percentiles = z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() });

export const rehearsalProgress = z.object({
  /** Buyers that are connected. */
  connected: z.number(),
  holds: z.number(),
  bookings: z.number(),
  confirmed: z.number(),
  /** Of the last second. */
  holdsNow: z.number(),
  bookingsNow: z.number(),
  refusals: z.record(z.string(), z.number()),
  errors: z.record(z.string(), z.number()),
  /** By what was asked: a hold, the best seats, a booking. */
  times: z.record(z.string(), percentiles),
  /** Holds of each of the last seconds, the present one last. */
  rates: z.array(z.number()),
  /** The copy's seats now: 2 bits a seat, base64. */
  map: z.string().nullable()
});
export type RehearsalProgress = z.infer<typeof rehearsalProgress>;

export const rehearsalVerdict = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.object({ invariant: z.string(), name: z.string(), says: z.string(), findings: z.array(z.unknown()) })
  ),
  /** The first errors in full. */
  details: z.array(z.string())
});
export type RehearsalVerdict = z.infer<typeof rehearsalVerdict>;

export const rehearsalView = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'stopping', 'done', 'stopped', 'failed']),
  buyers: z.number(),
  seconds: z.number(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  /** What is being done, in words. */
  doing: z.string(),
  progress: rehearsalProgress.nullable(),
  verdict: rehearsalVerdict.nullable()
});
export type RehearsalView = z.infer<typeof rehearsalView>;

export const isOver = ({ state }: Pick<RehearsalView, 'state'>) =>
  state === 'done' || state === 'stopped' || state === 'failed';
