import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { Hold } from '#domain/protocol.ts';
import { enqueue } from '../booking/outbox.ts';
import type { Sql } from '../db/database.ts';

/**
 * Every step of a wish is one UPDATE that names the state it comes from: of two that race, one finds nothing to do. An
 * offer that a booking was made of is never ended but by that booking.
 */
export interface WaitingRow {
  id: string;
  show_id: ShowId;
  user_id: UserId;
  count: number;
  tiers: string[];
  hold_id: HoldId;
}
export const WISH = 'id, show_id, user_id, count, tiers, hold_id';
const UNBOOKED = 'not exists (select 1 from booking b where b.hold_id = waiting_wish.hold_id)';

/** WAITING → OFFERED, with its mail. False when the wish waits no more, or for another offer. */
export async function toOffered(sql: Sql, wish: WaitingRow, hold: Hold, epoch: number): Promise<boolean> {
  const moved = await sql.query(
    `update waiting_wish set state = 'OFFERED', seats = $3, epoch = $4, offered_at = now(),
            offer_ends_at = to_timestamp($5::double precision / 1000)
      where id = $1 and hold_id = $2 and state = 'WAITING'`,
    [wish.id, wish.hold_id, hold.seats, epoch, hold.hardLimit]
  );
  if (moved.rowCount !== 1) return false;
  await enqueue(sql, 'mail.waiting-offer', { wishId: wish.id }, { dedupeKey: wish.hold_id });
  return true;
}

/** A booking was made of this hold. Also of a hold whose offer was never written down. */
export async function toTaken(sql: Sql, hold: HoldId): Promise<void> {
  await sql.query(
    `update waiting_wish w
        set state = 'TAKEN', ended_at = now(), settled_at = now(), seats = coalesce(w.seats, s.seats),
            offered_at = coalesce(w.offered_at, now()), offer_ends_at = coalesce(w.offer_ends_at, now())
       from (select array_agg(seat_index order by seat_index) as seats from booking_seat bs
               join booking b on b.id = bs.booking_id where b.hold_id = $1) s
      where w.hold_id = $1 and w.ended_at is null`,
    [hold]
  );
}

/** The offer's hold is no more, and nothing was booked of it: OFFERED → PASSED, DECLINED or WAITING. */
export async function afterHold(sql: Sql, offer: WaitingRow, epoch: number, nextHold: HoldId): Promise<void> {
  const over = await sql.query(
    `update waiting_wish set state = case when offer_ends_at <= now() + interval '5 seconds' then 'PASSED' else 'DECLINED' end,
            ended_at = now(), settled_at = now()
      where id = $1 and hold_id = $2 and state = 'OFFERED' and ${UNBOOKED}
        and (offer_ends_at <= now() + interval '5 seconds' or epoch = $3)`,
    [offer.id, offer.hold_id, epoch]
  );
  if (over.rowCount !== 0) return;
  // Redis has lost the hold: nobody gave it up, so the wish waits again at its old place.
  await sql.query(
    `update waiting_wish set state = 'WAITING', hold_id = $3, seats = null, epoch = null, offered_at = null, offer_ends_at = null
      where id = $1 and hold_id = $2 and state = 'OFFERED' and ${UNBOOKED}`,
    [offer.id, offer.hold_id, nextHold]
  );
}

/** OFFERED → DECLINED: the hold is still to be let go. */
export async function toDeclined(sql: Sql, id: string): Promise<WaitingRow | null> {
  const moved = await sql.query<WaitingRow>(
    `update waiting_wish set state = 'DECLINED', ended_at = now()
      where id = $1 and state = 'OFFERED' and ${UNBOOKED} returning ${WISH}`,
    [id]
  );
  return moved.rows[0] ?? null;
}

/** Open wishes of this user → LEFT: those for one show, or all. */
export async function toLeft(sql: Sql, user: UserId, show: ShowId | null): Promise<WaitingRow[]> {
  const moved = await sql.query<WaitingRow>(
    `update waiting_wish set state = 'LEFT', ended_at = now()
      where user_id = $1 and ($2::text is null or show_id = $2) and state in ('WAITING', 'OFFERED') and ${UNBOOKED}
     returning ${WISH}`,
    [user, show]
  );
  return moved.rows;
}

/** The sale is over: nobody waits any more; a cancelled show takes its offers back too. */
export async function toClosed(sql: Sql, show: ShowId): Promise<void> {
  await sql.query(
    `update waiting_wish set state = 'CLOSED', ended_at = now()
       from show s
      where s.id = waiting_wish.show_id and s.id = $1 and ${UNBOOKED}
        and ((state = 'WAITING' and s.sale_closes_at <= now()) or (state in ('WAITING', 'OFFERED') and s.cancelled_at is not null))`,
    [show]
  );
}
