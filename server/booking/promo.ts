import * as m from '#domain/messages/compiled/refusals.js';
import type { ShowId, UserId } from '#domain/ids.ts';
import { promoCode } from '#domain/pricing.ts';
import type { Promo } from '#domain/quote.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import type { Sql } from '../db/database.ts';

/**
 * Promo codes when something is bought. A use is counted in the transaction that makes the booking, goes back when that
 * expires, and stays when it was paid for: giving a booking back does not make its code new. Locks: codes in the order
 * of their ids, after bookings and before seats.
 */
export interface FoundPromo {
  id: string;
  promo: Promo;
}

interface Row {
  id: string;
  code: string;
  share: number | null;
  amount: number | null;
  currency: string | null;
  active: boolean;
  early: boolean;
  late: boolean;
  here: boolean;
  used_up: boolean;
  uses_per_user: number | null;
  mine: number;
}

const refused = (message: string) =>
  refuse('CODE_REFUSED', message, { errors: [{ path: 'promoCode', message: message.replace(/^This code /, '') }] });

const usedByYou = (times: number) => m.code_yours_used({ count: times });

/**
 * The code as it stands for this show at this moment; nothing is counted. `user` null: nobody has signed in yet.
 * Refuses CODE_REFUSED with what is the matter.
 */
export async function findPromo(
  sql: Sql,
  where: { show: ShowId; currency: string; user: UserId | null; code: string }
): Promise<FoundPromo | Refusal> {
  const unknown = refused(m.code_unknown());
  const code = promoCode.safeParse(where.code);
  if (!code.success) return unknown;
  const found = await sql.query<Row>(
    `select p.id, p.code, p.share, p.amount, p.currency, p.active, p.uses_per_user,
            coalesce(p.starts_at > now(), false) as early, coalesce(p.ends_at <= now(), false) as late,
            p.every_show or exists (select 1 from promo_show o where o.promo_id = p.id and o.show_id = s.id) as here,
            coalesce(p.uses >= p.uses_max, false) as used_up,
            (select count(*) from booking b where b.promo_id = p.id and b.user_id = $3 and b.promo_counted) as mine
       from show s
       join event e on e.id = s.event_id
       join promo_code p on p.organizer_id = e.organizer_id and p.code = $2
      where s.id = $1`,
    [where.show, code.data, where.user]
  );
  const [row] = found.rows;
  // A code for other shows, or of another currency, is none here; neither is one that was taken back.
  if (!row?.here || !row.active || (row.currency !== null && row.currency !== where.currency)) return unknown;
  if (row.early) return refused(m.code_early());
  if (row.late) return refused(m.code_late());
  if (row.used_up) return refused(m.code_used_up());
  if (row.uses_per_user !== null && row.mine >= row.uses_per_user) return refused(usedByYou(row.uses_per_user));
  const off = row.share === null ? { amount: row.amount ?? 0 } : { share: row.share };
  return { id: row.id, promo: { code: row.code, ...off } };
}

/**
 * Counts one use for the booking that the caller makes in this transaction: of buyers who come together for the last one,
 * one has it. `paid`: the money is there already, so a code that was switched off meanwhile counts all the same.
 * Refuses CODE_REFUSED, and then the caller must undo what was done here.
 */
export async function countUse(sql: Sql, promoId: string, user: UserId, paid = false): Promise<Refusal | null> {
  const counted = await sql.query<{ uses_per_user: number | null }>(
    `update promo_code set uses = uses + 1
      where id = $1 and (active or $2) and (uses_max is null or uses < uses_max) returning uses_per_user`,
    [promoId, paid]
  );
  const [row] = counted.rows;
  if (!row) return refused(m.code_used_up());
  if (row.uses_per_user === null) return null;
  // The row of the code is ours until the commit: who bought with it meanwhile is seen here.
  const mine = await sql.query<{ count: number }>(
    'select count(*) from booking where promo_id = $1 and user_id = $2 and promo_counted',
    [promoId, user]
  );
  return (mine.rows[0]?.count ?? 0) < row.uses_per_user ? null : refused(usedByYou(row.uses_per_user));
}

/** Of bookings that are over before they were paid. The caller has locked them. */
export async function giveUsesBack(sql: Sql, bookings: readonly string[]): Promise<void> {
  const used = await sql.query<{ promo_id: string; uses: number }>(
    `select promo_id, count(*) as uses from booking where id = any($1) and promo_counted group by promo_id order by promo_id`,
    [bookings]
  );
  for (const { promo_id, uses } of used.rows) {
    await sql.query('update promo_code set uses = uses - $2 where id = $1', [promo_id, uses]);
  }
  if (used.rows.length > 0) {
    await sql.query('update booking set promo_counted = false where id = any($1) and promo_counted', [bookings]);
  }
}

/** A payment has come for a booking that had expired. False when its code has no use left: undo what was done here. */
export async function useAgain(sql: Sql, bookingId: string): Promise<boolean> {
  const found = await sql.query<{ promo_id: string | null; user_id: UserId; promo_counted: boolean }>(
    'select promo_id, user_id, promo_counted from booking where id = $1',
    [bookingId]
  );
  const [booking] = found.rows;
  if (!booking?.promo_id || booking.promo_counted) return true;
  if (await countUse(sql, booking.promo_id, booking.user_id, true)) return false;
  await sql.query('update booking set promo_counted = true where id = $1', [bookingId]);
  return true;
}
