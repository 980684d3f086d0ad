import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HoldId } from '#domain/ids.ts';

/** The key in the mail's link: whoever has it may decline this one offer without signing in, and nothing else. */
export function createDeclineKeys(secret: string) {
  const key = createHmac('sha256', secret).update('waiting list offer').digest();
  const keyOf = (wish: string, hold: HoldId) => createHmac('sha256', key).update(`${wish} ${hold}`).digest('base64url');
  return {
    keyOf,
    opens(given: string, wish: string, hold: HoldId): boolean {
      const [theirs, made] = [Buffer.from(given), Buffer.from(keyOf(wish, hold))];
      return theirs.length === made.length && timingSafeEqual(theirs, made);
    }
  };
}
