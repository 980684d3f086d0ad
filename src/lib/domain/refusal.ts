import * as m from './messages/compiled/refusals.js';

/**
 * An expected "no": what happened, in words for a person, under a stable code for a program.
 * Refusals are returned, never thrown; HTTP, form actions and sockets each translate them in one place.
 */
export const HTTP_STATUS = {
  INVALID: 422,
  UNAUTHENTICATED: 401,
  BAD_CREDENTIALS: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  SEAT_TAKEN: 409,
  CAP_REACHED: 409,
  LIMIT_REACHED: 409,
  SALE_PAUSED: 409,
  SALE_CLOSED: 409,
  NOT_ADMITTED: 409,
  ON_SALE: 409,
  REHEARSAL_RUNS: 409,
  EMAIL_TAKEN: 409,
  LINK_USED: 410,
  HAS_BOOKINGS: 409,
  HAS_SHOWS: 409,
  SEATS_LEFT: 409,
  ALREADY_WAITING: 409,
  CHANGED_MEANWHILE: 409,
  ALREADY_USED: 409,
  NOT_CANCELLABLE: 409,
  NOT_MOVABLE: 409,
  PAYMENT_NEEDED: 409,
  IDEMPOTENCY_CONFLICT: 409,
  PRICE_CHANGED: 409,
  CODE_REFUSED: 409,
  HOLD_EXPIRED: 410,
  BAD_SIGNATURE: 400,
  BAD_TICKET: 422,
  RATE_LIMITED: 429,
  BUSY: 503
} as const;

export type RefusalCode = keyof typeof HTTP_STATUS;

/** The pages are built into a module graph of their own, so a class of the server is not the same class there. */
const MARK = Symbol.for('fullhouse.refusal');

export class Refusal {
  readonly [MARK] = true;
  readonly code: RefusalCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode, message: string, details: Record<string, unknown> = {}) {
    this.code = code;
    this.message = message;
    this.details = details;
  }

  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}

/** `refuse('SEAT_TAKEN', 'F9 was taken a moment ago.', { seats: [12] })` */
export const refuse = (code: RefusalCode, message: string, details?: Record<string, unknown>) =>
  new Refusal(code, message, details);

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && MARK in value;

/** What a caller hears when a part we need is down: nothing was changed, trying again is safe. */
export const busy = (message = m.busy()) => refuse('BUSY', message);

/** The one "no" of a show that does not take place: to holds, bookings and the resuming of its sale. */
export const showCancelled = () =>
  refuse('SALE_CLOSED', m.show_cancelled(), {
    cancelled: true
  });
