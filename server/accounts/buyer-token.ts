import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { BuyerId, UserId } from '#domain/ids.ts';

/** A guest's identity: a random name and our signature under it. Nothing is stored for somebody who only looks. */
export const buyerOfUser = (user: UserId): BuyerId => `u_${user}`;

export interface BuyerTokens {
  issue(): { buyer: BuyerId; token: string };
  verify(token: string): BuyerId | null;
}

/** Tokens whose signature was checked: a buyer shows theirs with every click, and checking it takes 10 µs. */
const REMEMBERED = 50_000;

export function createBuyerTokens(secret: string): BuyerTokens {
  // A key of its own: the same secret signs tickets and webhooks too.
  const key = createHmac('sha256', secret).update('buyer tokens').digest();
  const sign = (buyer: BuyerId) => createHmac('sha256', key).update(buyer).digest('base64url');
  const known = new LRUCache<string, BuyerId>({ max: REMEMBERED });

  function check(token: string): BuyerId | null {
    const at = token.lastIndexOf('.');
    const buyer = token.slice(0, at);
    if (at < 0 || !/^g_[\w-]{24}$/.test(buyer)) return null;
    const given = Buffer.from(token.slice(at + 1));
    const expected = Buffer.from(sign(buyer));
    return given.length === expected.length && timingSafeEqual(given, expected) ? buyer : null;
  }

  return {
    issue() {
      const buyer = `g_${randomBytes(18).toString('base64url')}`;
      return { buyer, token: `${buyer}.${sign(buyer)}` };
    },
    verify(token) {
      const remembered = known.get(token);
      if (remembered !== undefined) return remembered;
      const buyer = check(token);
      if (buyer !== null) known.set(token, buyer);
      return buyer;
    }
  };
}
