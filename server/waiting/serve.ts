import type { ShowId, UserId } from '#domain/ids.ts';
import type { Hold } from '#domain/protocol.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { buyerOfUser } from '../accounts/buyer-token.ts';
import { faultPoint } from '../booking/fault-points.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { afterHold, toClosed, toOffered, WISH, type WaitingRow } from './moves.ts';

/**
 * One round over the waiting list of a show: what is over is ended, then seats that have become free go to the first
 * whose wish they fit, and those that fit nobody on sale. First the seats are held, then the offer is written with its
 * mail. Whoever dies in between leaves a hold under an id that the wish has had all along, and the next round finds it.
 */
export interface ServingParts {
  db: Database;
  seats: Seats;
  config: Config;
  log: Logger;
  /** A hint: their pages read again. */
  offered: (user: UserId, show: ShowId) => void;
}

export interface Serving {
  /** All shows with something to do, one after the other. */
  serveAll(): Promise<void>;
  /** Nothing when another worker is at it. */
  serve(show: ShowId): Promise<void>;
  /** The hold of a wish that has ended is let go. What fails here, the next round does. */
  settle(ended: readonly WaitingRow[]): Promise<void>;
}

/** Less than Postgres lets a transaction idle: the lock of the round is one. */
const ROUND_MS = 20_000;
/** So many wishes are looked at in one round. */
const WISHES = 5000;

export function createServing({ db, seats, config, log, offered }: ServingParts): Serving {
  const { setAside } = seats;

  async function settle(ended: readonly WaitingRow[]): Promise<void> {
    for (const { id, hold_id, user_id } of ended) {
      faultPoint('waiting:before-give-back');
      const answer = await setAside.giveBack(hold_id, buyerOfUser(user_id));
      // While it is being paid for, its booking decides what becomes of it.
      if (isRefusal(answer) && answer.code === 'BUSY') return;
      faultPoint('waiting:after-give-back');
      await db.query('update waiting_wish set settled_at = now() where id = $1 and ended_at is not null', [id]);
    }
  }

  /** Offers whose hold is no more go on; answers the epoch that the map has now. */
  async function mendOffers(show: ShowId): Promise<number | Refusal> {
    const { rows: offers } = await db.query<WaitingRow>(
      `select ${WISH} from waiting_wish where show_id = $1 and state = 'OFFERED' order by place`,
      [show]
    );
    const standing = await setAside.standing(show, offers.map(({ hold_id }) => hold_id)); // prettier-ignore
    // After the look at the holds: a map that is younger than the offer has lost them.
    const snapshot = await seats.snapshot(show);
    if (isRefusal(standing)) return standing;
    if (isRefusal(snapshot)) return snapshot;
    for (const offer of offers) {
      if (!standing.has(offer.hold_id)) await afterHold(db, offer, snapshot.epoch, `${show}.${newId()}`);
    }
    return snapshot.epoch;
  }

  async function writeOffer(wish: WaitingRow, hold: Hold, epoch: number): Promise<void> {
    faultPoint('waiting:after-hold');
    const done = await db.transaction(async (sql) => {
      const moved = await toOffered(sql, wish, hold, epoch);
      faultPoint('waiting:before-commit');
      return moved;
    });
    faultPoint('waiting:after-commit');
    if (done) offered(wish.user_id, wish.show_id);
    // They left in this very moment.
    else await setAside.giveBack(wish.hold_id, buyerOfUser(wish.user_id));
  }

  async function give(show: ShowId, wishes: readonly WaitingRow[], epoch: number): Promise<void> {
    const until = performance.now() + ROUND_MS;
    const aside = await setAside.guard(show);
    if (isRefusal(aside)) return;
    const standing = await setAside.standing(show, wishes.map(({ hold_id }) => hold_id)); // prettier-ignore
    if (isRefusal(standing)) return;
    const hopeless = new Set<string>();
    const given = new Set<number>();
    for (const wish of wishes) {
      if (performance.now() > until) return;
      const { count, tiers, hold_id } = wish;
      const kind = `${count} of ${tiers.join(' ')}`;
      if (hopeless.has(kind) && !standing.has(hold_id)) continue;
      const hold = await setAside.offer(hold_id, buyerOfUser(wish.user_id), { count, tiers }, config.offerTtlMs);
      if (hold === null) {
        hopeless.add(kind);
      } else if (!isRefusal(hold)) {
        for (const seat of hold.seats) given.add(seat);
        await writeOffer(wish, hold, epoch);
      } else if (hold.code !== 'LIMIT_REACHED' && hold.code !== 'CAP_REACHED') {
        // The sale is paused or closed, or Redis away: what was set aside stays so.
        return;
      }
    }
    const left = aside.filter((seat) => !given.has(seat));
    if (left.length > 0) await setAside.guard(show, left);
  }

  async function round(show: ShowId): Promise<void> {
    await toClosed(db, show);
    const ended = await db.query<WaitingRow>(
      `select ${WISH} from waiting_wish where show_id = $1 and ended_at is not null and settled_at is null`,
      [show]
    );
    await settle(ended.rows);
    const epoch = await mendOffers(show);
    if (isRefusal(epoch)) return;
    const waiting = await db.query<WaitingRow>(
      `select ${WISH} from waiting_wish where show_id = $1 and state = 'WAITING' order by place limit ${WISHES}`,
      [show]
    );
    if (waiting.rows.length > 0) await give(show, waiting.rows, epoch);
    else await setAside.end(show);
  }

  async function serve(show: ShowId): Promise<void> {
    // One round at a time, so that the order is kept. Should its connection break, two rounds are harmless all the same.
    await db.transaction(async (sql) => {
      const lock = await sql.query<{ mine: boolean }>(
        'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
        [`waiting:${show}`]
      );
      if (lock.rows[0]?.mine) await round(show);
    });
  }

  return {
    serve,
    settle,
    async serveAll() {
      const { rows } = await db.query<{ show_id: ShowId }>(
        `select distinct show_id from waiting_wish
          where state in ('WAITING', 'OFFERED') or (ended_at is not null and settled_at is null)`
      );
      for (const { show_id } of rows) {
        await serve(show_id).catch((error: unknown) =>
          log.warn({ err: error, show: show_id }, 'a waiting list was not served; the next round follows')
        );
      }
    }
  };
}
