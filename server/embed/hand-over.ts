import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { catalogId, holdId, type BuyerId, type HoldId, type ShowId } from '#domain/ids.ts';
import * as m from '#domain/messages/compiled/refusals.js';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import type { Seats } from '../seats/seats.ts';

/**
 * How a hold leaves the frame that it was made in. In a frame on another site the browser keeps our cookies from us, so
 * its buyer is a guest whom only that frame knows; on our own pages the same person is somebody else. A code that works
 * once takes the hold from the one to the other. The hold moves, not the guest's token: a link with a foreign code makes
 * nobody somebody else, it only brings seats that they did not choose.
 */
export interface HandOver {
  /** Refuses HOLD_EXPIRED when the guest has no open hold on the show, BUSY. */
  give(show: ShowId, guest: BuyerId): Promise<{ code: string } | Refusal>;
  /**
   * The hold is the buyer's from here on. Refuses LINK_USED (used, too old, or none of ours), HOLD_EXPIRED, and
   * CAP_REACHED when the buyer holds other seats of the show, which stay as they are.
   */
  take(code: string, buyer: BuyerId): Promise<{ hold: HoldId } | Refusal>;
}

/** From the click on "Continue" to our own page; longer than any network takes, shorter than a link travels. */
export const CODE_MS = 60_000;

const given = z.object({ show: catalogId, guest: z.string(), hold: holdId });
/** Whoever reads Redis cannot use what is there. */
const hashOf = (code: string) => createHash('sha256').update(code).digest('base64url');

export function createHandOver(parts: {
  redis: RedisClient;
  keys: Keys;
  seats: Pick<Seats, 'ownHold' | 'adopt'>;
}): HandOver {
  const { redis, keys, seats } = parts;
  const over = () => refuse('HOLD_EXPIRED', m.seats_time_over());

  return {
    async give(show, guest) {
      const hold = await seats.ownHold(show, guest);
      if (isRefusal(hold)) return hold;
      if (hold?.phase !== 'selecting') return over();
      const code = randomBytes(24).toString('base64url');
      const value = JSON.stringify({ show, guest, hold: hold.id } satisfies z.infer<typeof given>);
      await redis.set(keys.handOver(hashOf(code)), value, 'PX', CODE_MS);
      return { code };
    },

    async take(code, buyer) {
      const text = await redis.getdel(keys.handOver(hashOf(code)));
      if (text === null) return refuse('LINK_USED', m.way_works_once());
      const { show, guest, hold } = given.parse(JSON.parse(text));
      await seats.adopt(show, guest, buyer);
      const own = await seats.ownHold(show, buyer);
      if (isRefusal(own)) return own;
      if (own?.id === hold) return { hold };
      if (own === null) return over();
      return refuse('CAP_REACHED', m.other_seats_here());
    }
  };
}
