import * as m from '#domain/messages/compiled/check_in.js';
import type { Admission, BadTicket, CheckInBody } from '#domain/check-in.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { readShortCode } from '#domain/short-code.ts';
import { clock, showTime } from '#domain/time.ts';
import type { Database } from '../db/database.ts';
import { announcing } from '../webhooks/announce.ts';
import type { TicketCodes } from '../tickets/ticket-code.ts';
import type { Door } from './door.ts';
import { readAtGate, toGate, type TicketAtGate } from './gate-tickets.ts';

/** A wrong scan can be taken back for so long (ms). */
export const UNDO_MS = 30_000;

export interface AdmitInput extends CheckInBody {
  /** When it happened, where that was before now; by the gate's clock. */
  at?: Date;
}

export const badTicket = (reason: BadTicket, message: string, more: Record<string, unknown> = {}) =>
  refuse('BAD_TICKET', message, { reason, ...more });

const unknown = () => badTicket('unknown', m.not_ours());

/**
 * One guarded UPDATE decides: of all the gates that read a ticket at once, the first lets somebody in. The booking is
 * locked meanwhile, so that a refund comes wholly before it or wholly after.
 */
const LET_IN = `
  with valid as (
    select t.id from ticket t
      join booking b on b.id = t.booking_id
      join booking_seat bs on bs.booking_id = t.booking_id and bs.seat_index = t.seat_index
     where t.id = $1 and b.status = 'CONFIRMED' and bs.live and t.void_at is null
       for share of b, bs
  ), let_in as (
    update ticket set checked_in_at = least(coalesce($4::timestamptz, now()), now()), checked_in_by = $2, gate = $3
      from valid where ticket.id = valid.id and ticket.checked_in_at is null and ticket.void_at is null
    returning ticket.id, ticket.checked_in_at, ticket.show_id, ticket.booking_id
  ), logged as (
    insert into check_in (ticket_id, at, by_user, gate, result, attempt)
    select id, checked_in_at, $2, $3, 'admitted', $5 from let_in
  ), told as (${announcing(
    'ticket.checked_in',
    `select show_id, id || ':' || extract(epoch from checked_in_at),
            jsonb_build_object('ticketId', id, 'bookingId', booking_id) from let_in`
  )}
  )
  select checked_in_at as at from let_in`;

export async function admitOne(
  db: Database,
  codes: TicketCodes,
  door: Door,
  input: AdmitInput
): Promise<(Admission & { showId: string }) | Refusal> {
  const found = await find(db, codes, door, input);
  if (!('id' in found)) return found;
  const wrong = wrongWith(found, input);
  if (wrong) return noted(db, door, input, found, wrong);

  const gate = input.gate ?? null;
  const { rows } = await db.query<{ at: Date }>(LET_IN, [
    ...[found.id, door.user, gate, input.at ?? null, input.attempt ?? null]
  ]);
  const [done] = rows;
  if (done) {
    const undoUntil = new Date(done.at.getTime() + UNDO_MS).toISOString();
    return { ticket: toGate(found), at: done.at.toISOString(), gate, undoUntil, showId: found.showId };
  }
  // Another gate was first, or the booking has gone in this very moment.
  const now = await readAtGate(db, door, { id: found.id });
  if (!now) return unknown();
  return noted(db, door, input, now, wrongWith(now, input) ?? refuse('BUSY', m.scan_again()));
}

async function find(db: Database, codes: TicketCodes, door: Door, input: AdmitInput): Promise<TicketAtGate | Refusal> {
  const short = input.code === undefined ? null : readShortCode(input.code);
  if (short !== null) {
    if (input.showId === undefined) {
      const errors = [{ path: 'showId', message: 'is missing: a typed code is good for one show' }];
      return refuse('INVALID', 'A typed code needs its show.', { errors });
    }
    return (await readAtGate(db, door, { showId: input.showId, shortCode: short })) ?? unknown();
  }
  const id = input.code === undefined ? input.ticketId : codes.verify(input.code);
  return id ? ((await readAtGate(db, door, { id })) ?? unknown()) : unknown();
}

function wrongWith(ticket: TicketAtGate, { showId }: AdmitInput): Refusal | null {
  const more = { ticket: toGate(ticket) };
  if (showId !== undefined && ticket.showId !== showId) {
    const other = `${ticket.eventTitle}, ${showTime(ticket.startsAt, ticket.timeZone)}`;
    return badTicket('other show', m.other_show({ show: other }), more);
  }
  if (ticket.status !== 'CONFIRMED') {
    const refunded = ticket.status === 'REFUNDED' || ticket.status === 'REFUND_DUE';
    return badTicket('cancelled', refunded ? m.was_refunded() : m.was_cancelled(), more);
  }
  if (!ticket.live) {
    return badTicket('replaced', m.was_replaced(), more);
  }
  if (ticket.checkedInAt === null) return null;
  const time = clock(ticket.checkedInAt, ticket.timeZone);
  const words = ticket.gate ? m.used_at_gate({ time, gate: ticket.gate }) : m.used_at({ time });
  return refuse('ALREADY_USED', words, {
    ...more,
    at: ticket.checkedInAt.toISOString(),
    gate: ticket.gate
  });
}

/** A ticket that exists and was turned away is remembered: whoever asks the door why finds it. */
async function noted(db: Database, door: Door, input: AdmitInput, ticket: TicketAtGate, refusal: Refusal) {
  const result = refusal.code === 'ALREADY_USED' ? 'already used' : 'bad ticket';
  await db.query(
    `insert into check_in (ticket_id, at, by_user, gate, result)
     values ($1, least(coalesce($5::timestamptz, now()), now()), $2, $3, $4)`,
    [ticket.id, door.user, input.gate ?? null, result, input.at ?? null]
  );
  return refusal;
}
