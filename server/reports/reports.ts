import { isRefusal } from '#domain/refusal.ts';
import type { User } from '../accounts/accounts.ts';
import { managerOf } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';

/** The figures behind the dashboard. An organizer sees their own events, an admin all. Money is minor units. */
export interface Dashboard {
  ticketsSold: number;
  bookingsToday: number;
  upcomingShows: number;
  revenue: { currency: string; amount: number }[];
  byShow: {
    showId: string;
    eventTitle: string;
    startsAt: string;
    timeZone: string;
    sold: number;
    capacity: number;
    revenue: number;
    currency: string;
  }[];
  recent: {
    bookingId: string;
    at: string;
    eventTitle: string;
    seats: number;
    total: number;
    currency: string;
    status: string;
  }[];
}

export interface Reports {
  dashboard(user: User): Promise<Dashboard>;
}

const SHOWS = 12;
const BOOKINGS = 10;

export function createReports({ db }: { db: Database }): Reports {
  return {
    async dashboard(user) {
      const manager = managerOf(user);
      // Nobody's: whoever manages nothing sees empty figures.
      const owner = isRefusal(manager) ? user.id : manager.owner;
      const [shows, sums, recent] = await Promise.all([
        db.query<{
          id: string;
          title: string;
          starts_at: Date;
          time_zone: string;
          sold: number;
          capacity: number;
          revenue: number;
          currency: string;
        }>(
          `select s.id, e.title, s.starts_at, v.time_zone, p.capacity, s.currency,
                  coalesce(b.sold, 0) as sold, coalesce(b.revenue, 0)::bigint as revenue
             from show s
             join event e on e.id = s.event_id
             join venue v on v.id = s.venue_id
             join seating_plan p on p.id = s.plan_id
             left join lateral (
               select count(*) as sold, sum(bs.price) as revenue from booking_seat bs
                 join booking b on b.id = bs.booking_id and b.status = 'CONFIRMED'
                where bs.show_id = s.id and bs.live
             ) b on true
            where ($1::uuid is null or e.organizer_id = $1) and s.starts_at > now()
            order by s.starts_at, s.id limit ${SHOWS}`,
          [owner]
        ),
        db.query<{ currency: string; revenue: number; tickets: number; today: number; upcoming: number }>(
          `select b.currency, sum(bs.price)::bigint as revenue, count(*) as tickets,
                  count(distinct b.id) filter (where b.confirmed_at >= date_trunc('day', now())) as today,
                  (select count(*) from show s join event e on e.id = s.event_id
                    where s.starts_at > now() and ($1::uuid is null or e.organizer_id = $1)) as upcoming
             from booking b
             join booking_seat bs on bs.booking_id = b.id and bs.live
             join show s on s.id = b.show_id
             join event e on e.id = s.event_id
            where b.status = 'CONFIRMED' and ($1::uuid is null or e.organizer_id = $1)
            group by b.currency order by b.currency`,
          [owner]
        ),
        db.query<{
          id: string;
          created_at: Date;
          title: string;
          seats: number;
          total: number;
          currency: string;
          status: string;
        }>(
          `select b.id, b.created_at, e.title, b.total, b.currency, b.status,
                  (select count(*) from booking_seat bs where bs.booking_id = b.id) as seats
             from booking b join show s on s.id = b.show_id join event e on e.id = s.event_id
            where $1::uuid is null or e.organizer_id = $1
            order by b.created_at desc, b.id limit ${BOOKINGS}`,
          [owner]
        )
      ]);
      const total = (pick: (row: (typeof sums.rows)[number]) => number) =>
        sums.rows.reduce((sum, row) => sum + pick(row), 0);
      return {
        ticketsSold: total((row) => row.tickets),
        bookingsToday: total((row) => row.today),
        upcomingShows: sums.rows[0]?.upcoming ?? shows.rows.length,
        revenue: sums.rows.map(({ currency, revenue }) => ({ currency, amount: revenue })),
        byShow: shows.rows.map((row) => ({
          ...{ showId: row.id, eventTitle: row.title, startsAt: row.starts_at.toISOString(), timeZone: row.time_zone },
          ...{ sold: row.sold, capacity: row.capacity, revenue: row.revenue, currency: row.currency }
        })),
        recent: recent.rows.map((row) => ({
          ...{ bookingId: row.id, at: row.created_at.toISOString(), eventTitle: row.title, seats: row.seats },
          ...{ total: row.total, currency: row.currency, status: row.status }
        }))
      };
    }
  };
}
