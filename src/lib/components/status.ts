/** What state a booking is in, in words. */
export const STATUS_WORDS: Readonly<Record<string, string>> = {
  PENDING: 'waits for payment',
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  REFUND_DUE: 'refund due',
  REFUNDED: 'refunded'
};
