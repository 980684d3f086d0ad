import type { ShowId } from '#domain/ids.ts';
import { addDays, dayOf, dayStart } from '#domain/time.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import type { Live } from '../live/live.ts';
import type { Seats } from '../seats/seats.ts';
import { deskZone } from './window.ts';

/** What happens now: the sales of today beside those of the same weekday last week until the same time, and who is here. */
export interface Today {
  at: string;
  zone: string;
  sums: TodaySums[];
  /** On sale now, the soonest first. */
  shows: LiveShow[];
}
/** Of one currency; money is minor units. */
export interface TodaySums {
  currency: string;
  tickets: number;
  revenue: number;
  ticketsLastWeek: number;
  revenueLastWeek: number;
}
export interface LiveShow {
  id: ShowId;
  title: string;
  startsAt: string;
  timeZone: string;
  capacity: number;
  /** Of the map in Redis; null while it is not there. */
  held: number | null;
  booked: number | null;
  viewers: number;
}

const SHOWS = 30;
const DAY_MS = 86_400_000;
/** Everybody who looks at the same desk gets the figures of one question (ms). */
const FRESH_MS = 1500;

export function createToday(parts: { db: Database; seats: Seats; live: Live }): (by: Manager) => Promise<Today> {
  const { db, seats, live } = parts;

  async function sums(by: Manager, zone: string, now: Date): Promise<TodaySums[]> {
    const today = dayOf(now, zone);
    const start = dayStart(today, zone) ?? new Date(now.getTime() - DAY_MS);
    const lastWeek = dayStart(addDays(today, -7), zone) ?? new Date(start.getTime() - 7 * DAY_MS);
    const { rows } = await db.query<TodaySums>(
      `select b.currency,
              count(*) filter (where b.confirmed_at >= $2) as tickets,
              coalesce(sum(bs.price) filter (where b.confirmed_at >= $2), 0)::bigint as revenue,
              count(*) filter (where b.confirmed_at < $2) as "ticketsLastWeek",
              coalesce(sum(bs.price) filter (where b.confirmed_at < $2), 0)::bigint as "revenueLastWeek"
         from booking b
         join booking_seat bs on bs.booking_id = b.id and bs.live
         join show s on s.id = b.show_id join event e on e.id = s.event_id
        where b.status = 'CONFIRMED' and ${owned('e.organizer_id', 1)}
          and (b.confirmed_at >= $2 or (b.confirmed_at >= $3 and b.confirmed_at < $4))
        group by 1 order by 1`,
      [by.owner, start, lastWeek, new Date(lastWeek.getTime() + now.getTime() - start.getTime())]
    );
    return rows;
  }

  async function shows(by: Manager): Promise<LiveShow[]> {
    const { rows } = await db.query<Pick<LiveShow, 'id' | 'title' | 'timeZone' | 'capacity'> & { startsAt: Date }>(
      `select s.id, e.title, s.starts_at as "startsAt", v.time_zone as "timeZone", p.capacity
         from show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
         join seating_plan p on p.id = s.plan_id
        where s.starts_at > now() and s.sale <> 'closed' and s.sale_opens_at <= now() and s.sale_closes_at > now()
          and ${owned('e.organizer_id', 1)}
        order by s.starts_at, s.id limit ${SHOWS}`,
      [by.owner]
    );
    const ids = rows.map(({ id }) => id);
    const [counts, viewers] = await Promise.all([seats.counts(ids), live.viewersOf(ids)]);
    return rows.map(({ startsAt, ...row }) => ({
      ...{ ...row, startsAt: startsAt.toISOString() },
      ...{ held: counts.get(row.id)?.held ?? null, booked: counts.get(row.id)?.booked ?? null },
      viewers: viewers.get(row.id) ?? 0
    }));
  }

  async function read(by: Manager): Promise<Today> {
    const zone = await deskZone(db, by);
    const now = new Date();
    const [sold, onSale] = await Promise.all([sums(by, zone, now), shows(by)]);
    return { at: now.toISOString(), zone, sums: sold, shows: onSale };
  }

  const recent = new Map<string, { at: number; figures: Promise<Today> }>();
  return (by) => {
    const desk = by.owner ?? 'everything';
    const now = performance.now();
    const known = recent.get(desk);
    if (known && now - known.at < FRESH_MS) return known.figures;
    for (const [key, { at }] of recent) if (now - at >= FRESH_MS) recent.delete(key);
    const figures = read(by);
    recent.set(desk, { at: now, figures });
    return figures;
  };
}
