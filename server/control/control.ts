import type { BlockBody, ControlChanged, LiveHold, LiveHoldsQuery, SeatFacts } from '#domain/control.ts';
import { showOfHold, type HoldId, type ShowId } from '#domain/ids.ts';
import type { SaleState, ShowNotice } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, showCancelled, type Refusal } from '#domain/refusal.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import { enqueue } from '../booking/outbox.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { audit, change } from '../catalog/changes.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Live } from '../live/live.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { createBlocks } from './blocks.ts';
import { readHolds, type HoldParts } from './holds.ts';
import { readSeatFacts } from './seat-facts.ts';

/**
 * A show while it sells, in the hands of those who run it. Each call takes the `Manager`, so nothing can be asked
 * without the rule of ownership; each change is in the audit log, and colleagues in the control room see it at once.
 */
export interface Control {
  /** Open holds and leases, the one that ends first first. */
  holds(
    by: Manager,
    show: ShowId,
    query: LiveHoldsQuery
  ): Promise<{ items: LiveHold[]; next: string | null } | Refusal>;
  /** Everything about one seat: who holds, books or has blocked it, and why. */
  seat(by: Manager, show: ShowId, seat: SeatIndex): Promise<SeatFacts | Refusal>;
  /** All of them or none. Refuses SEAT_TAKEN {seats}, with `held` true where `evenIfHeld` would do it. */
  block(by: Manager, show: ShowId, body: BlockBody): Promise<{ blocked: number } | Refusal>;
  unblock(by: Manager, show: ShowId, seats: readonly SeatIndex[]): Promise<{ unblocked: number } | Refusal>;
  /** The holder is told. Refuses NOT_FOUND when it is over, FORBIDDEN while it is being paid for. */
  releaseHold(by: Manager, show: ShowId, hold: HoldId): Promise<null | Refusal>;
  setSale(by: Manager, show: ShowId, sale: SaleState): Promise<{ sale: SaleState; delivered: number } | Refusal>;
  /** Answers to how many it went. */
  notice(
    by: Manager,
    show: ShowId,
    notice: { text: string; level: ShowNotice['level'] }
  ): Promise<{ delivered: number } | Refusal>;
}

const SALE_WORDS: Record<SaleState, [action: string, words: string]> = {
  open: ['resume sale', 'opened the sale'],
  paused: ['pause sale', 'paused the sale'],
  closed: ['close sale', 'closed the sale']
};
const seatsInWords = (count: number) => (count === 1 ? '1 seat' : `${count} seats`);

export function createControl(parts: {
  db: Database;
  config: Config;
  seats: Seats;
  live: Live;
  catalog: Catalog;
  log: Logger;
}): Control {
  const { db, config, seats, live, catalog } = parts;
  const log = parts.log.child({ part: 'control' });
  const { seatNames } = catalog;
  const holdParts: HoldParts = { db, seats, config, seatNames };
  const blocks = createBlocks({ db, seats, seatNames });

  async function tell(by: Manager, show: ShowId, change: Omit<ControlChanged, 'showId' | 'by'>) {
    const found = await db.query<{ name: string }>('select name from app_user where id = $1', [by.user]);
    live.control.changed({ showId: show, by: found.rows[0]?.name ?? null, ...change });
  }

  return {
    async holds(by, show, query) {
      const own = await readOwnShow(db, by, show);
      return isRefusal(own) ? own : readHolds(holdParts, { id: show, planId: own.plan.id }, query);
    },

    async seat(by, show, index) {
      const own = await readOwnShow(db, by, show);
      return isRefusal(own) ? own : readSeatFacts(holdParts, show, index);
    },

    async block(by, show, body) {
      const done = await blocks.block(by, show, body);
      if (isRefusal(done)) return done;
      const text = `blocked ${seatsInWords(done.blocked)}: ${body.reason}`;
      await tell(by, show, { what: 'blocks', text, count: done.blocked, said: body.reason });
      return done;
    },

    async unblock(by, show, some) {
      const done = await blocks.unblock(by, show, some);
      if (isRefusal(done) || done.unblocked === 0) return done;
      const text = `put ${seatsInWords(done.unblocked)} back on sale`;
      await tell(by, show, { what: 'blocks', text, count: done.unblocked });
      return done;
    },

    async releaseHold(by, show, hold) {
      if (showOfHold(hold) !== show) return notFound('hold');
      const released = await change(db, async (sql) => {
        const own = await readOwnShow(sql, by, show);
        if (isRefusal(own)) return own;
        // The line is written first and taken back with the transaction: nobody ends a hold without it.
        await audit(sql, by, 'show', show, { hold }, null, 'release hold');
        const revoked = await seats.revoke(hold);
        return isRefusal(revoked) || revoked ? revoked : notFound('hold');
      });
      if (isRefusal(released)) return released;
      await tell(by, show, { what: 'holds', text: 'released a hold' });
      return null;
    },

    async setSale(by, show, sale) {
      const [action, words] = SALE_WORDS[sale];
      const changed = await change(db, async (sql) => {
        const own = await readOwnShow(sql, by, show, true);
        if (isRefusal(own)) return own;
        const set = await sql.query('update show set sale = $2 where id = $1 and cancelled_at is null', [show, sale]);
        if (set.rowCount === 0) return showCancelled();
        await audit(sql, by, 'show', show, { sale: own.sale }, { sale }, action);
        await enqueue(sql, 'show.sync', { showId: show, seats: [] }, { dedupeKey: newId() });
        return true;
      });
      if (isRefusal(changed)) return changed;
      const refusal = await seats.setSale(show, sale);
      if (isRefusal(refusal)) log.warn({ show, code: refusal.code }, 'the live map does not know of the sale yet');
      live.showChanged(show, { sale });
      await tell(by, show, { what: 'sale', text: words, sale });
      return { sale, delivered: live.viewers(show) };
    },

    async notice(by, show, { text, level }) {
      const own = await change(db, async (sql) => {
        const found = await readOwnShow(sql, by, show);
        if (!isRefusal(found)) await audit(sql, by, 'show', show, null, { text, level }, 'send notice');
        return found;
      });
      if (isRefusal(own)) return own;
      const delivered = await live.notice(show, text, level);
      const told = `told ${delivered} watching: ${text}`;
      await tell(by, show, { what: 'notice', text: told, count: delivered, said: text });
      return { delivered };
    }
  };
}
