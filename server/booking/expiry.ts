import type { HoldId, ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { faultPoint } from './fault-points.ts';
import { enqueue } from './outbox.ts';
import { giveUsesBack } from './promo.ts';

/**
 * PENDING → EXPIRED: the seats and the use of a promo code are let go in Postgres, and the outbox makes Redis follow. The payment is left as
 * it is: should it succeed after all, settle.ts takes the seats again or sets a refund in motion.
 */
export interface Released {
  id: string;
  show_id: ShowId;
  hold_id: HoldId;
}

const PORTION = 100;

/** Ends those of the bookings that are PENDING, whether or not their time is over. The caller has locked them. */
export async function release(sql: Sql, ids: readonly string[]): Promise<Released[]> {
  if (ids.length === 0) return [];
  const released = await sql.query<Released>(
    `update booking set status = 'EXPIRED' where id = any($1) and status = 'PENDING' returning id, show_id, hold_id`,
    [ids]
  );
  await giveUsesBack(sql, idsOf(released.rows));
  await sql.query('update booking_seat set live = false where booking_id = any($1) and live', [
    released.rows.map((booking) => booking.id)
  ]);
  for (const { id } of released.rows) {
    await enqueue(sql, 'seats.sync', { bookingId: id }, { dedupeKey: `${id}:EXPIRED` });
  }
  return released.rows;
}

const idsOf = (rows: readonly { id: string }[]) => rows.map((row) => row.id);

/** Lets go of every booking whose time to pay is over, a portion a transaction. Any number of workers may do it. */
export async function expireOverdue(db: Database): Promise<Released[]> {
  const all: Released[] = [];
  for (;;) {
    const released = await db.transaction(async (sql) => {
      const overdue = await sql.query<{ id: string }>(
        `select id from booking where status = 'PENDING' and expires_at <= now()
          order by expires_at limit ${PORTION} for update skip locked`
      );
      return release(sql, idsOf(overdue.rows));
    });
    if (released.length > 0) faultPoint('expire:after-commit');
    all.push(...released);
    if (released.length < PORTION) return all;
  }
}

/** The same for one booking; null when it is not overdue or has gone on already. */
export async function expireBooking(db: Database, id: string): Promise<Released | null> {
  const released = await db.transaction(async (sql) => {
    const overdue = await sql.query<{ id: string }>(
      `select id from booking where id = $1 and status = 'PENDING' and expires_at <= now() for update`,
      [id]
    );
    return (await release(sql, idsOf(overdue.rows)))[0] ?? null;
  });
  if (released) faultPoint('expire:after-commit');
  return released;
}

/** Before a checkout: overdue bookings of this buyer, and those that still sit on the wanted seats, are over. */
export async function expireInTheWay(
  sql: Sql,
  where: { show: ShowId; user: string; seats: readonly number[] }
): Promise<void> {
  const overdue = await sql.query<{ id: string }>(
    `select b.id from booking b
      where b.status = 'PENDING' and b.expires_at <= now() and b.show_id = $1
        and (b.user_id = $2 or exists (
              select 1 from booking_seat s
               where s.booking_id = b.id and s.show_id = $1 and s.live and s.seat_index = any($3)))
      order by b.id for update`,
    [where.show, where.user, where.seats]
  );
  await release(sql, idsOf(overdue.rows));
}

/** The buyer gives up a booking they have not paid for. Refuses NOT_FOUND, NOT_CANCELLABLE. */
export async function letGo(db: Database, id: string, user: string): Promise<Released | Refusal> {
  return db.transaction(async (sql) => {
    const found = await sql.query<{ id: string; status: string }>(
      'select id, status from booking where id = $1 and user_id = $2 for update',
      [id, user]
    );
    const [booking] = found.rows;
    if (!booking) return notFound('booking');
    const [released] = await release(sql, [booking.id]);
    return released ?? refuse('NOT_CANCELLABLE', 'Only a booking that waits for its payment can be let go.');
  });
}
