import type { HoldId, ShowId } from '#domain/ids.ts';
import { SeatState as State, seatState, STATE_NAMES, type SeatIndex } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import { SETTLING_SECONDS } from './check.ts';
import type { LiveShow } from './live-show.ts';

/** What Postgres says of the seats of a show. */
export interface Books {
  plan: string;
  /** The highest that it ever was. */
  cap: number;
  live: ReadonlyMap<SeatIndex, { booking: string; status: string; hold: HoldId; user: string }>;
  blocked: ReadonlySet<SeatIndex>;
  /** Redis follows commits of the last moments: these seats may still be on their way. */
  moving: ReadonlySet<SeatIndex>;
  /** Every booking by each hold it came from (its own, and those it was moved by), with all seats it ever had. */
  byHold: ReadonlyMap<HoldId, { booking: string; user: string; confirmed: boolean; seats: readonly SeatIndex[] }>;
}

/** `holds` are those of the log that were booked. */
export async function readBooks(sql: Sql, show: ShowId, holds: readonly HoldId[]): Promise<Books | null> {
  const terms = await sql.query<{ plan_id: string; cap: number }>(
    `select s.plan_id, greatest(s.seats_per_buyer, (
              select max((a.before ->> 'seatsPerBuyer')::int) from audit_log a where a.kind = 'show' and a.thing_id = s.id)) as cap
       from show s where s.id = $1`,
    [show]
  );
  const [head] = terms.rows;
  if (!head) return null;
  const live = await sql.query<{ seat: SeatIndex; booking: string; status: string; hold: HoldId; user: string }>(
    `select s.seat_index as seat, b.id as booking, b.status, b.hold_id as hold, b.user_id as user
       from booking_seat s join booking b on b.id = s.booking_id where s.show_id = $1 and s.live`,
    [show]
  );
  const blocked = await sql.query<{ seat: SeatIndex }>('select seat_index as seat from seat_block where show_id = $1', [
    show
  ]);
  const moving = await sql.query<{ seat: SeatIndex }>(
    `select s.seat_index as seat
       from outbox o join booking_seat s on s.booking_id = (o.payload ->> 'bookingId')::uuid
      where o.kind = 'seats.sync' and o.done_at is null and o.created_at > now() - make_interval(secs => $2) and s.show_id = $1
     union
     select (jsonb_array_elements_text(o.payload -> 'seats'))::int
       from outbox o
      where o.kind = 'show.sync' and o.done_at is null and o.created_at > now() - make_interval(secs => $2)
        and o.payload ->> 'showId' = $1`,
    [show, SETTLING_SECONDS]
  );
  const byHold = await sql.query<{
    hold: HoldId;
    booking: string;
    user: string;
    confirmed: boolean;
    seats: SeatIndex[];
  }>(
    `select h.hold_id as hold, b.id as booking, b.user_id as user, b.confirmed_at is not null as confirmed,
            array(select seat_index from booking_seat where booking_id = b.id
                   union select unnest(from_seats || to_seats) from booking_move where booking_id = b.id) as seats
       from (select hold_id, id as booking_id from booking where hold_id = any($1)
             union all select hold_id, booking_id from booking_move where hold_id = any($1)) h
       join booking b on b.id = h.booking_id`,
    [holds]
  );
  return {
    ...{ plan: head.plan_id, cap: head.cap },
    live: new Map(live.rows.map(({ seat, ...row }) => [seat, row])),
    blocked: new Set(blocked.rows.map(({ seat }) => seat)),
    moving: new Set(moving.rows.map(({ seat }) => seat)),
    byHold: new Map(byHold.rows.map(({ hold, ...row }) => [hold, row]))
  };
}

type Add = (name: string, key: string, evidence: Record<string, unknown>) => void;

/** Sold stays sold: no seat that somebody has is on sale, or in another's hands, in Redis; and the other way round. */
export function mapFollowsBooks(show: LiveShow, books: Books, add: Add): void {
  const wrong = (seat: SeatIndex, evidence: object) =>
    add('map-follows-books', `${show.id}/${seat}`, {
      show: show.id,
      seat,
      redis: STATE_NAMES[seatState(show.map, seat)],
      ...evidence
    });
  if (show.plan !== books.plan) {
    const evidence = { show: show.id, redisPlan: show.plan, plan: books.plan };
    return add('map-follows-books', `${show.id}/plan`, evidence);
  }
  for (let seat = 0; seat < show.capacity; seat++) {
    if (books.moving.has(seat)) continue;
    const state = seatState(show.map, seat);
    const sold = books.live.get(seat);
    if (sold) {
      const owner = show.owners.get(seat) ?? null;
      const pending = sold.status === 'PENDING' && state === State.held && owner === sold.hold;
      if (state !== State.booked && !pending) wrong(seat, { postgres: sold.status, booking: sold.booking, owner });
    } else if (books.blocked.has(seat)) {
      if (state !== State.blocked) wrong(seat, { postgres: 'blocked' });
    } else if (state === State.booked || state === State.blocked) wrong(seat, { postgres: 'nobody’s' });
  }
}

/** A seat that was booked from a hold belongs to the booking that was made of this very hold, and that was paid for. */
export function onlyTheHolderBuys(show: LiveShow, books: Books, add: Add): void {
  for (const entry of show.log) {
    if (entry.cause !== 'book') continue;
    const made = books.byHold.get(entry.hold);
    const wrong = (problem: string) =>
      add('only-the-holder-buys', `${show.id}/${entry.version}`, {
        ...{ show: show.id, version: entry.version, hold: entry.hold, seats: entry.seats, problem },
        booking: made?.booking ?? null
      });
    if (!made) wrong('there is no booking of this hold');
    else if (!made.confirmed) wrong('its booking was never confirmed');
    else if (entry.seats.some((seat) => !made.seats.includes(seat))) wrong('its booking has other seats');
    else if (entry.buyer !== '' && entry.buyer !== `u_${made.user}`)
      wrong(`it was ${entry.buyer}’s, and the booking is ${made.user}’s`);
  }
}
