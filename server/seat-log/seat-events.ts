import * as replay from '#domain/messages/compiled/replay.js';
import * as m from '#domain/messages/compiled/refusals_sale.js';
import { happeningOf, type SeatEvent, type SeatEventsPage, type SeatEventsQuery } from '#domain/seat-events.ts';
import type { ShowId } from '#domain/ids.ts';
import type { Plan } from '#domain/plan.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { STATE_NAMES, type SeatIndex, type SeatState } from '#domain/seat-map.ts';
import { seatsNamed } from '#domain/seats-named.ts';
import type { Sql } from '../db/database.ts';
import { readGaps } from './history.ts';

/** "What happened to seat A 12?": the kept entries about one seat, or all of them, the earliest first. */
const CODE_LENGTH = 4;
const WAITING_LIST = 'h_waiting';

interface Row {
  epoch: number;
  version: number;
  at: Date;
  state: SeatState;
  cause: string;
  seats: SeatIndex[];
  buyer: string;
  booking: SeatEvent['booking'];
  reason: string | null;
}

/** A seat is found by its name in each plan that the show has had. */
export interface Wanted {
  plan: string;
  seat: SeatIndex;
}

export async function seatIn(
  plans: readonly string[],
  text: string,
  planOf: (id: string) => Promise<Plan | null>
): Promise<Wanted[] | Refusal> {
  if (/^\d{1,6}$/.test(text)) return plans.map((plan) => ({ plan, seat: Number(text) }));
  const wanted: Wanted[] = [];
  let many = false;
  for (const id of plans) {
    const plan = await planOf(id);
    if (!plan) continue;
    const [seat, ...others] = seatsNamed(plan, text).seats;
    many ||= others.length > 0;
    if (seat !== undefined && others.length === 0) wanted.push({ plan: id, seat });
  }
  if (wanted.length > 0) return wanted;
  const message = many ? replay.seat_many() : replay.seat_none();
  return refuse('INVALID', m.one_seat(), { errors: [{ path: 'seat', message }] });
}

/** A time in the place of a seat's state in the map that an epoch began with. */
const STATE_AT_FIRST = `(get_byte(k.map, w.seat / 4) >> (6 - 2 * (w.seat % 4))) & 3`;

export async function readSeatEvents(
  sql: Sql,
  show: { id: ShowId; planId: string },
  query: SeatEventsQuery,
  wanted: readonly Wanted[] | null
): Promise<SeatEventsPage> {
  const [epoch = 0, version = -1] = (query.cursor ?? '').split('.').filter(Boolean).map(Number);
  const { rows } = await sql.query<Row>(
    `select e.epoch, e.version, e.at, e.cause, e.buyer,
            case when e.cause = 'load' and w.seat is not null and w.seat / 4 < length(k.map) then ${STATE_AT_FIRST}
                 else e.state end as state,
            case when w.seat is null then e.seats else array[w.seat] end as seats,
            case when b.id is not null and e.state = 2 then json_build_object('id', b.id, 'status', b.status) end as booking,
            case when e.state = 3 then (
              select a.after ->> 'reason' from audit_log a
               where a.kind = 'show' and a.thing_id = e.show_id and a.action = 'block seats'
                 and a.at <= e.at + interval '2 seconds' and a.after -> 'seats' @> to_jsonb(coalesce(w.seat, e.seats[1]))
               order by a.id desc limit 1) end as reason
       from seat_event e
       left join seat_run r on r.show_id = e.show_id and r.epoch = e.epoch
       left join unnest($2::text[], $3::int[]) as w (plan, seat) on w.plan = coalesce(r.plan_id, $4)
       left join seat_keyframe k on e.cause = 'load' and k.show_id = e.show_id and k.epoch = e.epoch and k.version = 0
       left join booking b on e.hold_id <> '' and b.hold_id = e.hold_id
      where e.show_id = $1 and (e.epoch, e.version) > ($5, $6)
        and ($7::timestamptz is null or e.at >= $7) and ($8::timestamptz is null or e.at < $8)
        and ($9 or w.seat = any(e.seats) or (w.seat is not null and e.cause = 'load'))
      order by e.epoch, e.version limit $10`,
    [
      ...[show.id, wanted?.map(({ plan }) => plan) ?? [], wanted?.map(({ seat }) => seat) ?? [], show.planId],
      ...[epoch, version, query.from ?? null, query.to ?? null, wanted === null, query.limit + 1]
    ]
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(toEvent),
    gaps: await readGaps(sql, show.id),
    next: rows.length > query.limit && last ? `${last.epoch}.${last.version}` : null
  };
}

function toEvent({ epoch, version, at, state, cause, seats, buyer, booking, reason }: Row): SeatEvent {
  return {
    ...{ epoch, version, at: at.toISOString(), what: happeningOf(cause, cause === 'load' ? 0 : state) },
    ...{ state: STATE_NAMES[state], seats, booking, reason },
    buyer: buyer === '' || buyer === WAITING_LIST ? null : buyer.slice(-CODE_LENGTH)
  };
}

export const plansOf = async (sql: Sql, show: ShowId, planNow: string): Promise<string[]> => {
  const { rows } = await sql.query<{ plan: string }>(
    'select distinct plan_id as plan from seat_run where show_id = $1 and plan_id is not null',
    [show]
  );
  return [...new Set([planNow, ...rows.map(({ plan }) => plan)])];
};
