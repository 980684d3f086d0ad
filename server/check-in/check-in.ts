import * as m from '#domain/messages/compiled/check_in.js';
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import {
  listedAs,
  type Admission,
  type CheckInBody,
  type CheckInCounts,
  type GateList,
  type GateTicket,
  type MergeBody,
  type Merged
} from '#domain/check-in.ts';
import type { ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { readShortCode } from '#domain/short-code.ts';
import type { User } from '../accounts/accounts.ts';
import { audit } from '../catalog/changes.ts';
import { placeOf } from '../catalog/rooms.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { TicketCodes } from '../tickets/ticket-code.ts';
import { announce } from '../webhooks/announce.ts';
import { admitOne, UNDO_MS } from './admit.ts';
import { behind, doorOf, type Door } from './door.ts';
import { readAtGate, searchAtGate, toGate } from './gate-tickets.ts';
import { createStaff, type Staff } from './staff.ts';

export interface GateShow {
  id: ShowId;
  title: string;
  startsAt: string;
  doorsAt: string | null;
  timeZone: string;
  /** With its room. */
  venue: string;
  city: string;
}

/** The door: who goes in, once. Every call takes the `Door` that `doorOf` answers for whoever asks. */
export interface CheckIn {
  doorOf(user: User | null): Promise<Door | Refusal>;
  staff: Staff;
  /** The shows behind this door that are on or still to come, the next first. */
  shows(door: Door): Promise<GateShow[]>;
  show(door: Door, id: ShowId): Promise<GateShow | Refusal>;
  /** Refuses ALREADY_USED {at, gate}, BAD_TICKET {reason}, RATE_LIMITED {retryAfter}, INVALID. */
  admit(door: Door, body: CheckInBody): Promise<Admission | Refusal>;
  /** Takes a wrong scan back: by whoever made it, within half a minute. Refuses NOT_FOUND. */
  undo(door: Door, ticketId: string): Promise<GateTicket | Refusal>;
  /** Who was let in without a network. Sent again, it changes nothing and answers the same. */
  merge(door: Door, body: MergeBody): Promise<{ merged: Merged[]; counts: CheckInCounts } | Refusal>;
  counts(door: Door, show: ShowId): Promise<CheckInCounts | Refusal>;
  search(door: Door, show: ShowId, q: string): Promise<(GateTicket & { at: string | null })[] | Refusal>;
  /** What a gate takes along for the time without a network, in pages. */
  list(door: Door, show: ShowId, cursor?: string): Promise<GateList | Refusal>;
  close(): void;
}

/** More than a person can scan; fewer guesses than a code of 45 bits is afraid of. */
const SCANS_PER_MINUTE = 600;
const WRONG_CODES_PER_MINUTE = 20;
/** A gate hears of the others at most so often (ms): counting a stadium takes a tenth of a second. */
const TELL_MS = 500;
const LIST_PAGE = 2000;
const STILL_ON = '12 hours';

const SHOW = `
  select s.id, e.title, s.starts_at, s.doors_at, v.time_zone, ${placeOf()} as venue, v.city
    from show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
    join seating_plan p on p.id = s.plan_id`;
interface ShowRow {
  id: ShowId;
  title: string;
  starts_at: Date;
  doors_at: Date | null;
  time_zone: string;
  venue: string;
  city: string;
}
const toShow = (row: ShowRow): GateShow => ({
  ...{ id: row.id, title: row.title, venue: row.venue, city: row.city, timeZone: row.time_zone },
  ...{ startsAt: row.starts_at.toISOString(), doorsAt: row.doors_at?.toISOString() ?? null }
});

const refusedTicket = z.object({ id: z.string(), label: z.string() });

const VALID = `ticket t
    join booking b on b.id = t.booking_id and b.status = 'CONFIRMED'
    join booking_seat bs on bs.booking_id = t.booking_id and bs.seat_index = t.seat_index and bs.live and t.void_at is null`;

export function createCheckIn(parts: {
  db: Database;
  codes: TicketCodes;
  log: Logger;
  /** Tells the other gates. */
  tell: (show: ShowId, counts: CheckInCounts) => void;
}): CheckIn {
  const { db, codes, tell } = parts;
  const log = parts.log.child({ part: 'check-in' });
  const scans = new RateLimiterMemory({ points: SCANS_PER_MINUTE, duration: 60 });
  const wrongCodes = new RateLimiterMemory({ points: WRONG_CODES_PER_MINUTE, duration: 60 });

  async function count(show: ShowId): Promise<CheckInCounts> {
    const { rows } = await db.query<CheckInCounts>(
      `select count(*) filter (where t.checked_in_at is not null) as admitted, count(*) as expected
         from ${VALID} where t.show_id = $1`,
      [show]
    );
    return rows[0] ?? { admitted: 0, expected: 0 };
  }

  const timers = new Map<ShowId, NodeJS.Timeout>();
  function changed(show: ShowId) {
    if (timers.has(show)) return;
    const timer = setTimeout(() => {
      timers.delete(show);
      count(show).then(
        (counts) => tell(show, counts),
        (error: unknown) => log.warn({ err: error, show }, 'could not count who is in')
      );
    }, TELL_MS);
    timers.set(show, timer);
  }

  /** Counts one; answers the refusal when that was one too many. */
  async function tooFast(limiter: RateLimiterMemory, door: Door): Promise<Refusal | null> {
    try {
      await limiter.consume(door.user);
      return null;
    } catch (error) {
      if (error instanceof RateLimiterRes) return slowDown(error.msBeforeNext);
      throw error;
    }
  }
  const slowDown = (ms: number) => {
    const retryAfter = Math.max(1, Math.ceil(ms / 1000));
    return refuse('RATE_LIMITED', m.too_fast({ seconds: retryAfter }), { retryAfter });
  };

  async function admit(door: Door, body: CheckInBody & { at?: Date }) {
    const typed = body.code !== undefined && readShortCode(body.code) !== null;
    const guesses = typed ? await wrongCodes.get(door.user) : null;
    if (guesses && guesses.consumedPoints >= WRONG_CODES_PER_MINUTE) return slowDown(guesses.msBeforeNext);
    const done = await admitOne(db, codes, door, body);
    if (isRefusal(done)) {
      if (typed && done.details['reason'] === 'unknown') await tooFast(wrongCodes, door);
      return done;
    }
    changed(done.showId);
    const { showId: _, ...admission } = done;
    return admission;
  }

  async function show(door: Door, id: ShowId): Promise<GateShow | Refusal> {
    const { rows } = await db.query<ShowRow>(`${SHOW} where s.id = $1 and ${behind('e.organizer_id', 2)}`, [
      id,
      door.owners
    ]);
    return rows[0] ? toShow(rows[0]) : notFound('show');
  }

  async function mergeOne(
    door: Door,
    { showId, gate }: MergeBody,
    { code, at, attempt }: MergeBody['admissions'][number]
  ): Promise<Merged> {
    const named = { ...(gate === undefined ? {} : { gate }), ...(attempt === undefined ? {} : { attempt }) };
    const done = await admit(door, { code, showId, at: new Date(at), ...named });
    if (!isRefusal(done)) return { code, outcome: 'merged', message: m.let_in_done(), label: done.ticket.label };
    const ticket = refusedTicket.safeParse(done.details['ticket']).data;
    const seat = ticket ? { label: ticket.label } : {};
    if (done.code === 'RATE_LIMITED' || done.code === 'BUSY') return { code, outcome: 'later', message: done.message };
    if (done.code !== 'ALREADY_USED') return { code, outcome: 'bad ticket', message: done.message, ...seat };
    const ours = ticket !== undefined && (await wasOurs(door, ticket.id, at, attempt));
    return { code, outcome: ours ? 'merged' : 'conflict', message: ours ? m.let_in_done() : done.message, ...seat };
  }

  /** The same admission once more: it was merged before, or the answer to the gate was lost on its way. */
  async function wasOurs(door: Door, ticketId: string, at: string, attempt: string | undefined): Promise<boolean> {
    const { rowCount } = await db.query(
      `select 1 from check_in where ticket_id = $1 and result = 'admitted' and by_user = $2
          and (attempt = $3 or ($3::uuid is null and at = $4::timestamptz)) limit 1`,
      [ticketId, door.user, attempt ?? null, at]
    );
    return rowCount === 1;
  }

  return {
    doorOf: (user) => doorOf(db, user),
    staff: createStaff(db),

    async shows(door) {
      const { rows } = await db.query<ShowRow>(
        `${SHOW} where s.starts_at > now() - interval '${STILL_ON}' and ${behind('e.organizer_id', 1)}
          order by s.starts_at, s.id limit 60`,
        [door.owners]
      );
      return rows.map(toShow);
    },

    show,

    admit: async (door, body) => (await tooFast(scans, door)) ?? admit(door, body),

    undo: (door, ticketId) =>
      db.transaction(async (sql) => {
        const ticket = await readAtGate(sql, door, { id: ticketId });
        const undone = await sql.query(
          `update ticket set checked_in_at = null, checked_in_by = null, gate = null
            where id = $1 and checked_in_by = $2 and checked_in_at > now() - make_interval(secs => $3)`,
          [ticketId, door.user, UNDO_MS / 1000]
        );
        if (!ticket || undone.rowCount !== 1) {
          return refuse('NOT_FOUND', m.undo_over());
        }
        await sql.query(`insert into check_in (ticket_id, by_user, gate, result) values ($1, $2, $3, 'undone')`, [
          ticketId,
          door.user,
          ticket.gate
        ]);
        const before = { ticket: ticketId, seat: ticket.label, at: ticket.checkedInAt, gate: ticket.gate };
        await audit(sql, door, 'booking', ticket.bookingId, before, null, 'undo check-in');
        await announce(sql, 'ticket.check_in_undone', {
          ...{ show: ticket.showId, key: crypto.randomUUID() },
          data: { ticketId, bookingId: ticket.bookingId }
        });
        changed(ticket.showId);
        return toGate(ticket);
      }),

    async merge(door, body) {
      const found = await show(door, body.showId);
      if (isRefusal(found)) return found;
      const slow = await tooFast(scans, door);
      if (slow) return slow;
      const merged: Merged[] = [];
      for (const admission of body.admissions) merged.push(await mergeOne(door, body, admission));
      return { merged, counts: await count(body.showId) };
    },

    async counts(door, id) {
      const found = await show(door, id);
      return isRefusal(found) ? found : count(id);
    },

    async search(door, id, q) {
      const found = await show(door, id);
      if (isRefusal(found)) return found;
      const tickets = await searchAtGate(db, door, id, q);
      return tickets.map((ticket) => ({ ...toGate(ticket), at: ticket.checkedInAt?.toISOString() ?? null }));
    },

    async list(door, id, cursor) {
      const found = await show(door, id);
      if (isRefusal(found)) return found;
      const { rows } = await db.query<{ id: string; short: string; label: string; attendee: string; at: Date | null }>(
        `select t.id, t.short_code as short, p.label, coalesce(nullif(bs.attendee, ''), u.name) as attendee,
                t.checked_in_at as at
           from ${VALID}
           join app_user u on u.id = b.user_id
           join plan_seat p on p.plan_id = bs.plan_id and p.seat_index = bs.seat_index
          where t.show_id = $1 and ($2::uuid is null or t.id > $2) order by t.id limit $3`,
        [id, cursor ?? null, LIST_PAGE]
      );
      const hash = (text: string) => createHash('sha256').update(listedAs(id, text)).digest('base64url').slice(0, 22);
      return {
        items: rows.map(({ id: ticket, short, label, attendee, at }) => ({
          ...{ code: hash(codes.sign(ticket)), short: hash(short), label, attendee, at: at?.toISOString() ?? null }
        })),
        next: rows.length === LIST_PAGE ? (rows.at(-1)?.id ?? null) : null
      };
    },

    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    }
  };
}
