import type { ShowId, UserId } from '#domain/ids.ts';
import type { EventKind, SaleState } from '#domain/protocol.ts';
import type { SeatCounts } from '#domain/seat-map.ts';
import type { Sql } from '../db/database.ts';
import { BANNER, type BannerRow } from '../pictures/banner.ts';

/** A show with its event, venue and plan, as pages and API need it. */
export interface ShowRow extends BannerRow {
  id: ShowId;
  starts_at: Date;
  doors_at: Date | null;
  sale_opens_at: Date;
  sale_closes_at: Date;
  sale: SaleState;
  /** Null unless it is cancelled. */
  cancel_reason: string | null;
  seats_per_buyer: number;
  waiting_room: boolean;
  currency: string;
  version: number;
  terms: number;
  plan_id: string;
  capacity: number;
  price_from: number | null;
  venue_id: string;
  venue_name: string;
  room: string | null;
  address: string;
  city: string;
  time_zone: string;
  event_id: string;
  event_slug: string;
  title: string;
  kind: EventKind;
  duration_min: number | null;
  rating: string;
  organizer_id: UserId;
}

const SHOWS_AT_MOST = 500;

/** Shows by id (past ones too), or those to come of an event; in order of their start. */
export async function readShows(sql: Sql, by: { ids?: readonly ShowId[]; event?: string }): Promise<ShowRow[]> {
  if (by.ids?.length === 0) return [];
  const { rows } = await sql.query<ShowRow>(
    `select s.id, s.starts_at, s.doors_at, s.sale_opens_at, s.sale_closes_at, s.sale, s.cancel_reason, s.seats_per_buyer,
            s.room_per_minute is not null as waiting_room, s.currency,
            s.version, s.terms, s.plan_id, p.capacity, t.price_from,
            v.id as venue_id, v.name as venue_name, p.room, v.address, v.city, v.time_zone,
            e.id as event_id, e.slug as event_slug, e.title, e.kind, ${BANNER}, e.duration_min, e.rating, e.organizer_id
       from show s
       join event e on e.id = s.event_id
       join venue v on v.id = s.venue_id
       join seating_plan p on p.id = s.plan_id
       left join lateral (select min(price) as price_from from show_tier where show_id = s.id) t on true
      where ($1::text[] is null or s.id = any($1))
        and ($1::text[] is not null or s.starts_at > now())
        and ($2::text is null or s.event_id = $2)
      order by s.starts_at, s.id limit ${SHOWS_AT_MOST}`,
    [by.ids ?? null, by.event ?? null]
  );
  return rows;
}

/** Sums from Postgres alone: open holds are not known there, so they count as available. */
export async function countBooked(sql: Sql, shows: readonly ShowId[]): Promise<Map<ShowId, SeatCounts>> {
  if (shows.length === 0) return new Map();
  const { rows } = await sql.query<{ id: ShowId; capacity: number; booked: number; blocked: number }>(
    `select s.id, p.capacity,
            (select count(*) from booking_seat b where b.show_id = s.id and b.live) as booked,
            (select count(*) from seat_block k where k.show_id = s.id) as blocked
       from show s join seating_plan p on p.id = s.plan_id where s.id = any($1)`,
    [shows]
  );
  return new Map(
    rows.map(({ id, capacity, booked, blocked }) => [
      id,
      { available: capacity - booked - blocked, held: 0, booked, blocked }
    ])
  );
}
