import * as m from '#domain/messages/compiled/refusals_sale.js';
import type { BlockBody } from '#domain/control.ts';
import type { ShowId } from '#domain/ids.ts';
import type { SeatName } from '#domain/plan.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { SeatState, seatState, type SeatIndex } from '#domain/seat-map.ts';
import { enqueue } from '../booking/outbox.ts';
import { audit, change, invalid } from '../catalog/changes.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Seats } from '../seats/seats.ts';

/**
 * Seats off sale and back. Postgres first, with the audit line and a line in the outbox, then the live map: what a
 * crash between the two has left, the job `show.sync` mends.
 */
export interface BlockParts {
  db: Database;
  seats: Seats;
  seatNames: (planId: string, seats: readonly SeatIndex[]) => Promise<Map<SeatIndex, SeatName>>;
}

const NAMED_AT_MOST = 6;

export function createBlocks({ db, seats, seatNames }: BlockParts) {
  async function taken(planId: string, named: readonly SeatIndex[], words: typeof m.seats_booked, details = {}) {
    const names = await seatNames(planId, named.slice(0, NAMED_AT_MOST));
    const some = named.slice(0, NAMED_AT_MOST).map((seat) => names.get(seat)?.short ?? String(seat));
    const listed = some.join(', ');
    const more = named.length - some.length;
    const inWords = more > 0 ? m.and_more({ seats: listed, count: more }) : listed;
    return refuse('SEAT_TAKEN', words({ count: named.length, seats: inWords }), { seats: named, ...details });
  }

  /** Refuses SEAT_TAKEN with the seats that are held now (`held`: true), and BUSY while nobody can tell. */
  async function refuseHeld(show: ShowId, planId: string, wanted: readonly SeatIndex[]): Promise<Refusal | undefined> {
    const snapshot = await seats.snapshot(show);
    if (isRefusal(snapshot)) return snapshot;
    const held = wanted.filter((seat) => seatState(snapshot.map, seat) === SeatState.held);
    if (held.length === 0) return undefined;
    return taken(planId, held, m.seats_held, { held: true });
  }

  return {
    async block(by: Manager, show: ShowId, { seats: wanted, reason, evenIfHeld }: BlockBody) {
      const done = await change(db, async (sql) => {
        // Checkouts read the show with a lock of their own: they come wholly before these blocks or wholly after.
        const own = await readOwnShow(sql, by, show, true);
        if (isRefusal(own)) return own;
        const beyond = wanted.find((seat) => seat >= own.plan.capacity);
        if (beyond !== undefined) return invalid('seats', `has no seat ${beyond}`);
        const { rows } = await sql.query<{ seat_index: SeatIndex }>(
          'select seat_index from booking_seat where show_id = $1 and live and seat_index = any($2::int[]) order by 1',
          [show, wanted]
        );
        const booked = rows.map(({ seat_index }) => seat_index);
        if (booked.length > 0) return taken(own.plan.id, booked, m.seats_booked);
        const held = evenIfHeld ? undefined : await refuseHeld(show, own.plan.id, wanted);
        if (held) return held;
        await sql.query(
          `insert into seat_block (show_id, plan_id, seat_index, reason, blocked_by)
           select $1, $2, seat, $4, $5 from unnest($3::int[]) as w (seat)
           on conflict (show_id, seat_index)
           do update set reason = excluded.reason, blocked_by = excluded.blocked_by, created_at = now()`,
          [show, own.plan.id, wanted, reason, by.user]
        );
        await audit(sql, by, 'show', show, null, { seats: wanted, reason }, 'block seats');
        await enqueue(sql, 'show.sync', { showId: show, seats: wanted }, { dedupeKey: newId() });
        return { blocked: wanted.length };
      });
      if (!isRefusal(done)) await seats.follow(show, wanted);
      return done;
    },

    /** Answers how many of them had been blocked. */
    async unblock(by: Manager, show: ShowId, wanted: readonly SeatIndex[]) {
      const done = await change(db, async (sql) => {
        const own = await readOwnShow(sql, by, show, true);
        if (isRefusal(own)) return own;
        const { rows } = await sql.query<{ seat_index: SeatIndex; reason: string }>(
          'delete from seat_block where show_id = $1 and seat_index = any($2::int[]) returning seat_index, reason',
          [show, wanted]
        );
        if (rows.length === 0) return { unblocked: 0 };
        const were = {
          seats: rows.map(({ seat_index }) => seat_index),
          reasons: [...new Set(rows.map((row) => row.reason))]
        };
        await audit(sql, by, 'show', show, were, null, 'unblock seats');
        await enqueue(sql, 'show.sync', { showId: show, seats: were.seats }, { dedupeKey: newId() });
        return { unblocked: rows.length };
      });
      if (!isRefusal(done)) await seats.follow(show, wanted);
      return done;
    }
  };
}
