import * as m from '#domain/messages/compiled/booking.js';

const WORDS: Readonly<Record<string, () => string>> = {
  ...{ PENDING: m.waits_for_payment, CONFIRMED: m.confirmed, CANCELLED: m.cancelled, EXPIRED: m.expired },
  ...{ REFUND_DUE: m.refund_due, REFUNDED: m.refunded }
};

export const STATUSES = Object.keys(WORDS);

/** What state a booking is in, in the reader's own words. */
export const statusInWords = (status: string): string => WORDS[status]?.() ?? status;
