import * as m from '#domain/messages/compiled/refusals.js';
import { randomUUID } from 'node:crypto';
import type { ShowId, UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { WaitingBody, WaitingCounts, WaitingWish } from '#domain/waiting.ts';
import { seatsOf } from '../booking/transactions.ts';
import { violatedConstraint } from '../db/database.ts';
import { newId } from '../ids.ts';
import { createDeclineKeys } from './decline-keys.ts';
import { toDeclined, toLeft } from './moves.ts';
import { createServing, type ServingParts } from './serve.ts';
import { countWishes, readOpenWish, readWish, readWishes, type KnownWish } from './views.ts';

/** The waiting lists of shows that have no such seats any more. */
export interface Waiting {
  /**
   * So many seats together, as soon as there are any. Once more with the same wish: the same answer. Refuses SEATS_LEFT
   * when such seats can be had now, ALREADY_WAITING with another wish, CAP_REACHED, INVALID, SALE_CLOSED, NOT_FOUND.
   */
  join(user: UserId, show: ShowId, wish: WaitingBody): Promise<WaitingWish | Refusal>;
  /** Leaves the list, with an open offer too. Refuses NOT_FOUND to who is not on it. */
  leave(user: UserId, show: ShowId): Promise<void | Refusal>;
  /** Whoever has the key from the mail, or is its person, gives the offer up. Refuses NOT_FOUND, HOLD_EXPIRED. */
  decline(id: string, by: WishReader): Promise<WaitingWish | Refusal>;
  /** Null for what is not theirs. */
  wish(id: string, by: WishReader): Promise<WaitingWish | null>;
  mine(user: UserId): Promise<WaitingWish[]>;
  ofShow(user: UserId, show: ShowId): Promise<WaitingWish | null>;
  /** For those who run the show. */
  counts(show: ShowId): Promise<WaitingCounts>;
  serveAll(): Promise<void>;
  serve(show: ShowId): Promise<void>;
}

export interface WishReader {
  user: UserId | null;
  /** From the link in the mail. */
  key: string | null;
}

export function createWaiting(parts: ServingParts): Waiting {
  const { db, seats, config, log } = parts;
  const serving = createServing(parts);
  const keys = createDeclineKeys(config.secret);

  async function known(id: string, { user, key }: WishReader): Promise<KnownWish | null> {
    const wish = await readWish(db, id);
    if (!wish) return null;
    const theirs = user !== null && wish.user === user;
    return theirs || (key !== null && keys.opens(key, id, wish.hold)) ? wish : null;
  }

  /** Whether this wish may stand on the list at all; null when it may. */
  async function wrongWith(user: UserId, show: ShowId, { count, tiers }: WaitingBody): Promise<Refusal | null> {
    const found = await db.query<{ sale: string; cap: number; cancelled: boolean; on: boolean; tiers: string[] }>(
      `select s.sale, s.seats_per_buyer as cap, s.cancelled_at is not null as cancelled,
              now() >= s.sale_opens_at and now() < s.sale_closes_at as on,
              array(select tier from show_tier t where t.show_id = s.id) as tiers
         from show s where s.id = $1`,
      [show]
    );
    const [terms] = found.rows;
    if (!terms) return notFound('show');
    if (terms.cancelled) return showCancelled();
    if (!terms.on || terms.sale === 'closed') return refuse('SALE_CLOSED', m.nothing_to_wait_for());
    if (tiers.some((tier) => !terms.tiers.includes(tier))) {
      const errors = [{ path: 'tiers', message: 'names a price that this show does not have' }];
      return refuse('INVALID', 'This show has no such seats.', { errors });
    }
    const have = await seatsOf(db, user, show);
    if (have + count <= terms.cap) return null;
    const { cap } = terms;
    return refuse('CAP_REACHED', have > 0 ? m.cap_wait_have({ cap, have }) : m.cap_wait({ cap }), { cap });
  }

  const same = (wish: WaitingWish, { count, tiers }: WaitingBody) =>
    wish.count === count && wish.tiers.map(({ tier }) => tier).join(' ') === tiers.join(' ');

  async function already(user: UserId, show: ShowId, wish: WaitingBody): Promise<WaitingWish | Refusal | null> {
    const open = await readOpenWish(db, user, show);
    if (!open || same(open, wish)) return open;
    return refuse('ALREADY_WAITING', m.already_waiting(), {
      wishId: open.id
    });
  }

  return {
    serve: serving.serve,
    serveAll: serving.serveAll,

    async join(user, show, wish) {
      const before = await already(user, show, wish);
      if (before) return before;
      const wrong = await wrongWith(user, show, wish);
      if (wrong) return wrong;
      const fits = await seats.setAside.fits(show, wish);
      if (isRefusal(fits)) return fits;
      if (fits) {
        return refuse('SEATS_LEFT', m.no_need_to_wait({ count: wish.count }));
      }
      try {
        await db.query(
          'insert into waiting_wish (id, show_id, user_id, count, tiers, hold_id) values ($1, $2, $3, $4, $5, $6)',
          [randomUUID(), show, user, wish.count, wish.tiers, `${show}.${newId()}`]
        );
      } catch (error) {
        if (violatedConstraint(error) !== 'one_wish_per_show') throw error;
      }
      // From here on no click is faster than the list; should this not be heard, the next round says it again.
      const guarded = await seats.setAside.guard(show);
      if (isRefusal(guarded)) log.warn({ show, code: guarded.code }, 'freed seats are not set aside yet');
      return (await already(user, show, wish)) ?? notFound('wish');
    },

    async leave(user, show) {
      const left = await toLeft(db, user, show);
      if (left.length === 0) return notFound('wish_on_this_list');
      await serving.settle(left);
      await serving.serve(show);
      return undefined;
    },

    async decline(id, by) {
      const wish = await known(id, by);
      if (!wish) return notFound('offer');
      if (wish.view.state === 'DECLINED') return wish.view;
      const declined = await toDeclined(db, id);
      if (!declined) return refuse('HOLD_EXPIRED', m.offer_closed());
      await serving.settle([declined]);
      await serving.serve(declined.show_id);
      return (await known(id, by))?.view ?? notFound('offer');
    },

    async wish(id, by) {
      return (await known(id, by))?.view ?? null;
    },
    mine: (user) => readWishes(db, user),
    ofShow: (user, show) => readOpenWish(db, user, show),
    counts: (show) => countWishes(db, show)
  };
}
