import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BuyerId, UserId } from '#domain/ids.ts';

/** A guest's identity: a random name and our signature under it. Nothing is stored for somebody who only looks. */
export const buyerOfUser = (user: UserId): BuyerId => `u_${user}`;

export interface BuyerTokens {
  issue(): { buyer: BuyerId; token: string };
  verify(token: string): BuyerId | null;
}

export function createBuyerTokens(secret: string): BuyerTokens {
  // A key of its own: the same secret signs tickets and webhooks too.
  const key = createHmac('sha256', secret).update('buyer tokens').digest();
  const sign = (buyer: BuyerId) => createHmac('sha256', key).update(buyer).digest('base64url');
  return {
    issue() {
      const buyer = `g_${randomBytes(18).toString('base64url')}`;
      return { buyer, token: `${buyer}.${sign(buyer)}` };
    },
    verify(token) {
      const at = token.lastIndexOf('.');
      const buyer = token.slice(0, at);
      if (at < 0 || !/^g_[\w-]{24}$/.test(buyer)) return null;
      const given = Buffer.from(token.slice(at + 1));
      const expected = Buffer.from(sign(buyer));
      return given.length === expected.length && timingSafeEqual(given, expected) ? buyer : null;
    }
  };
}
