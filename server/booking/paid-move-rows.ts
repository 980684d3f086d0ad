import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { MovedSeat } from '#domain/moved-price.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { faultPoint } from './fault-points.ts';
import type { LockedBooking } from './give-back.ts';
import type { MoveWish } from './move-rows.ts';
import type { PricedMove, SeatPair } from './move-price.ts';
import { enqueue } from './outbox.ts';

/**
 * Moves to dearer seats that wait for their difference: PENDING → DONE, or → FAILED, EXPIRED, REFUNDED, after which the
 * booking is as it was. EXPIRED → DONE or REFUNDED when the money comes late. Locks: the booking, its payment, then these.
 */
export type PaidMoveStatus = 'PENDING' | 'DONE' | 'FAILED' | 'EXPIRED' | 'REFUNDED';

export interface Ended {
  id: string;
  booking_id: string;
  hold_id: HoldId;
}

/** How the difference is to be paid. */
export interface ToPay {
  paymentId: string;
  gateway: string;
  /** From now (ms). */
  withinMs: number;
  /** The buyer has not asked for it: a mail tells where to pay. */
  tell: boolean;
}

/** The seats wait for this move from now on. One that waited before is given up: a booking has one at a time. */
export async function insertPaidMove(
  sql: Sql,
  booking: LockedBooking,
  wish: MoveWish,
  { moved, difference, currency }: PricedMove,
  pay: ToPay
): Promise<void> {
  await endPaidMoves(sql, booking.id);
  const made = await sql.query<{ expires_at: Date }>(
    `insert into paid_move (id, booking_id, show_id, plan_id, hold_id, difference, idempotency_key, request_hash, asked_by,
                            expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(secs => $10::double precision / 1000))
     returning expires_at`,
    [
      ...[wish.id, booking.id, booking.show_id, wish.planId, wish.hold, difference, wish.key, wish.requestHash],
      ...[wish.by, pay.withinMs]
    ]
  );
  const dueAt = made.rows[0]?.expires_at;
  if (!dueAt) throw new Error('an insert did not answer');
  // By index: of two moves that want the same seats one waits for the other, and no two for each other.
  const seats = [...moved].sort((a, b) => a.to - b.to);
  await sql.query(
    `insert into paid_move_seat (move_id, show_id, plan_id, from_seat, to_seat, was, becomes)
     select $1, $2, $3, w.old, w.new, w.was, w.becomes
       from unnest($4::int[], $5::int[], $6::jsonb[], $7::jsonb[]) as w (old, new, was, becomes)`,
    [
      ...[wish.id, booking.show_id, wish.planId, seats.map(({ from }) => from), seats.map(({ to }) => to)],
      ...[seats.map(({ was }) => JSON.stringify(was)), seats.map(({ is }) => JSON.stringify(is))]
    ]
  );
  await sql.query(
    `insert into payment (id, booking_id, move_id, gateway, status, amount, currency)
     values ($1, $2, $3, $4, 'PENDING', $5, $6)`,
    [pay.paymentId, booking.id, wish.id, pay.gateway, difference, currency]
  );
  const moveId = wish.id;
  await enqueue(sql, 'move.expire', { moveId }, { dedupeKey: moveId, dueAt });
  if (pay.tell) await enqueue(sql, 'mail.move-payment', { bookingId: booking.id, moveId }, { dedupeKey: moveId });
}

/** What the booking waits to be moved for is given up: somebody moves it otherwise, or gives seats of it back. */
export async function endPaidMoves(sql: Sql, bookingId: string): Promise<Ended[]> {
  return end(sql, 'booking_id = $1', bookingId);
}

/** All of a show: their seats are indexes of a plan that it has no more. */
export async function endPaidMovesOf(sql: Sql, show: ShowId): Promise<void> {
  await end(sql, 'show_id = $1', show);
}

async function end(sql: Sql, which: string, value: string | readonly string[]): Promise<Ended[]> {
  const ended = await sql.query<Ended>(
    `update paid_move set status = 'EXPIRED', ended_at = now() where ${which} and status = 'PENDING'
     returning id, booking_id, hold_id`,
    [value]
  );
  await letSeatsGo(sql, ended.rows.map(({ id }) => id)); // prettier-ignore
  for (const { id, booking_id: bookingId } of ended.rows)
    await enqueue(sql, 'seats.sync', { bookingId }, { dedupeKey: `${bookingId}:${id}:EXPIRED` });
  return ended.rows;
}

const letSeatsGo = (sql: Sql, ids: readonly string[]) =>
  sql.query('update paid_move_seat set waits = false where move_id = any($1) and waits', [ids]);

/** It has come to this; the caller has locked its booking, and its payment has just been settled. */
export async function closePaidMove(sql: Sql, id: string, status: Exclude<PaidMoveStatus, 'PENDING'>): Promise<void> {
  const closed = await sql.query(
    `update paid_move set status = $2, ended_at = now() where id = $1 and status in ('PENDING', 'EXPIRED')`,
    [id, status]
  );
  if (closed.rowCount !== 1) throw new Error(`paid move ${id} was over before its payment`);
  await letSeatsGo(sql, [id]);
}

export interface PaidMoveRow extends MoveWish {
  booking: string;
  difference: number;
  /** Its time was over: the seats were let go. */
  late: boolean;
  moved: (MovedSeat & SeatPair)[];
}

export async function readPaidMoveRow(sql: Sql, id: string): Promise<PaidMoveRow> {
  const found = await sql.query<PaidMoveRow>(
    `select id, booking_id as booking, plan_id as "planId", hold_id as hold, difference, idempotency_key as key,
            request_hash as "requestHash", asked_by as by, status = 'EXPIRED' as late,
            (select json_agg(json_build_object('from', s.from_seat, 'to', s.to_seat, 'was', s.was, 'is', s.becomes)
                             order by s.to_seat) from paid_move_seat s where s.move_id = m.id) as moved
       from paid_move m where id = $1 for update`,
    [id]
  );
  const [row] = found.rows;
  if (!row) throw new Error(`there is no paid move ${id}`);
  return row;
}

const PORTION = 100;

/** Gives up every move whose time to pay is over, a portion a transaction. Any number of workers may do it. */
export async function expireOverdueMoves(db: Database): Promise<Ended[]> {
  const all: Ended[] = [];
  for (;;) {
    const ended = await db.transaction(async (sql) => {
      const due = await sql.query<{ id: string }>(
        `select id from paid_move where status = 'PENDING' and expires_at <= now()
          order by expires_at limit ${PORTION} for update skip locked`
      );
      return end(sql, 'id = any($1)', due.rows.map(({ id }) => id)); // prettier-ignore
    });
    if (ended.length > 0) faultPoint('expire:after-commit');
    all.push(...ended);
    if (ended.length < PORTION) return all;
  }
}

/** The same for one; null when it is not overdue, or has come to something. */
export async function expireMove(db: Database, id: string): Promise<Ended | null> {
  const ended = await db.transaction((sql) => end(sql, 'id = $1 and expires_at <= now()', id));
  if (ended.length > 0) faultPoint('expire:after-commit');
  return ended[0] ?? null;
}

/** What a paid move with this key is; IDEMPOTENCY_CONFLICT when it was asked for with another body. */
export async function knownPaidMove(
  sql: Sql,
  asked: { by: UserId; key: string; requestHash: string }
): Promise<{ id: string } | Refusal | null> {
  const found = await sql.query<{ id: string; hash: string }>(
    `select id, request_hash as hash from paid_move where asked_by = $1 and idempotency_key = $2`,
    [asked.by, asked.key]
  );
  const [known] = found.rows;
  if (!known) return null;
  if (known.hash !== asked.requestHash)
    return refuse('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used for another request.');
  return { id: known.id };
}
