import * as m from '#domain/messages/compiled/booking.js';

/** What state a booking is in, in the words of the desk. */
export const STATUS_WORDS: Readonly<Record<string, string>> = {
  PENDING: 'waits for payment',
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  REFUND_DUE: 'refund due',
  REFUNDED: 'refunded'
};

const WORDS: Readonly<Record<string, () => string>> = {
  ...{ PENDING: m.waits_for_payment, CONFIRMED: m.confirmed, CANCELLED: m.cancelled, EXPIRED: m.expired },
  ...{ REFUND_DUE: m.refund_due, REFUNDED: m.refunded }
};

/** In the reader's own words. */
export const statusInWords = (status: string): string => WORDS[status]?.() ?? status;
