import { isRefusal } from '#domain/refusal.ts';
import type { Booking } from '../booking/booking.ts';
import type { Metrics } from '../metrics.ts';
import type { Payments } from '../payments/payments.ts';

/** The same bookings, with their checkouts counted. */
export function countCheckouts(
  booking: Booking,
  metrics: Pick<Metrics, 'checkouts' | 'checkoutSeconds' | 'bookingConflicts'>
): Booking {
  const { checkouts, checkoutSeconds, bookingConflicts } = metrics;
  return {
    ...booking,
    async checkout(...asked) {
      const began = performance.now();
      try {
        const answer = await booking.checkout(...asked);
        const result = isRefusal(answer) ? answer.code.toLowerCase() : 'ok';
        checkouts.inc({ result });
        // Redis had given the seats to this buyer: it has lost something, or somebody goes past it.
        if (result === 'seat_taken') bookingConflicts.inc();
        return answer;
      } catch (error) {
        checkouts.inc({ result: 'error' });
        throw error;
      } finally {
        checkoutSeconds.observe((performance.now() - began) / 1000);
      }
    }
  };
}

/** The same payments, with the gateways' messages counted that were refused; what the others did, settling them counts. */
export function countRefusedMessages(payments: Payments, { webhooks }: Pick<Metrics, 'webhooks'>): Payments {
  const results: Record<string, string> = { BAD_SIGNATURE: 'bad_signature', INVALID: 'mismatch', NOT_FOUND: 'unknown' };
  return {
    ...payments,
    async webhook(...asked) {
      const refusal = await payments.webhook(...asked);
      if (refusal) webhooks.inc({ result: results[refusal.code] ?? 'refused' });
      return refusal;
    }
  };
}
