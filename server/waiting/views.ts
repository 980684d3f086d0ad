import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import { placeName } from '#domain/place.ts';
import type { WaitingCounts, WaitingWish, WishState } from '#domain/waiting.ts';
import type { Sql } from '../db/database.ts';

/** A wish as its own person sees it. */
interface Row {
  id: string;
  show_id: ShowId;
  user_id: UserId;
  state: WishState;
  count: number;
  tiers: WaitingWish['tiers'];
  ahead: number;
  created_at: Date;
  hold_id: HoldId;
  offer_ends_at: Date | null;
  seats: string[];
  event_title: string;
  event_slug: string;
  starts_at: Date;
  time_zone: string;
  venue_name: string;
  room: string | null;
  city: string;
}

const VIEW = `
  select w.id, w.show_id, w.user_id, w.state, w.count, w.created_at, w.hold_id, w.offer_ends_at,
         coalesce((select json_agg(json_build_object('tier', n.tier, 'name', coalesce(t.name, n.tier)) order by n.at)
            from unnest(w.tiers) with ordinality as n (tier, at)
            left join show_tier t on t.show_id = w.show_id and t.tier = n.tier), '[]') as tiers,
         (select count(*) from waiting_wish o
           where o.show_id = w.show_id and o.state = 'WAITING' and o.place < w.place) as ahead,
         array(select p.label from plan_seat p where p.plan_id = s.plan_id and p.seat_index = any(w.seats)
                order by p.seat_index) as seats,
         e.title as event_title, e.slug as event_slug, s.starts_at, v.time_zone, v.name as venue_name, h.room, v.city
    from waiting_wish w join show s on s.id = w.show_id join event e on e.id = s.event_id
    join venue v on v.id = s.venue_id join seating_plan h on h.id = s.plan_id`;

const toView = (row: Row): WaitingWish => ({
  ...{ id: row.id, showId: row.show_id, state: row.state, count: row.count, tiers: row.tiers },
  ahead: row.state === 'WAITING' ? row.ahead : null,
  createdAt: row.created_at.toISOString(),
  offer:
    row.state === 'OFFERED' && row.offer_ends_at
      ? { holdId: row.hold_id, endsAt: row.offer_ends_at.toISOString(), seats: row.seats }
      : null,
  show: {
    ...{ eventTitle: row.event_title, eventSlug: row.event_slug, startsAt: row.starts_at.toISOString() },
    ...{ timeZone: row.time_zone, venueName: placeName({ name: row.venue_name, room: row.room }), city: row.city }
  }
});

/** With what only the server may know: whose it is, and the hold that its key is made for. */
export interface KnownWish {
  user: UserId;
  hold: HoldId;
  view: WaitingWish;
}

export async function readWish(sql: Sql, id: string): Promise<KnownWish | null> {
  const { rows } = await sql.query<Row>(`${VIEW} where w.id = $1`, [id]);
  const [row] = rows;
  return row ? { user: row.user_id, hold: row.hold_id, view: toView(row) } : null;
}

/** The open wish of this user for this show. */
export async function readOpenWish(sql: Sql, user: UserId, show: ShowId): Promise<WaitingWish | null> {
  const { rows } = await sql.query<Row>(
    `${VIEW} where w.user_id = $1 and w.show_id = $2 and w.state in ('WAITING', 'OFFERED')`,
    [user, show]
  );
  return rows[0] ? toView(rows[0]) : null;
}

const RECENT_DAYS = 30;

/** Open ones first, and those that ended lately for shows to come. */
export async function readWishes(sql: Sql, user: UserId): Promise<WaitingWish[]> {
  const { rows } = await sql.query<Row>(
    `${VIEW} where w.user_id = $1 and (w.ended_at is null or (
              s.starts_at > now() and w.ended_at > now() - make_interval(days => ${RECENT_DAYS})))
      order by w.ended_at is not null, w.state = 'WAITING', w.created_at desc limit 50`,
    [user]
  );
  return rows.map(toView);
}

export async function countWishes(sql: Sql, show: ShowId): Promise<WaitingCounts> {
  const { rows } = await sql.query<{ count: number; wishes: number; offered: number }>(
    `select count, count(*) filter (where state = 'WAITING') as wishes, count(*) filter (where state = 'OFFERED') as offered
       from waiting_wish where show_id = $1 and state in ('WAITING', 'OFFERED') group by count order by count`,
    [show]
  );
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    wishes: sum(({ wishes }) => wishes),
    seats: sum(({ count, wishes }) => count * wishes),
    offered: sum(({ offered }) => offered),
    bySize: rows.filter(({ wishes }) => wishes > 0).map(({ count, wishes }) => ({ count, wishes }))
  };
}
