import type { Report, ReportName, ReportQuery, Row } from '#domain/reports.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import { attention, type Attention } from './attention.ts';
import { listBookings, type BookingLine } from './bookings.ts';

/** The desk's first page, besides what happens right now (today.ts). */
export interface Dashboard {
  /** Of the last 30 days, by day. */
  sales: Report;
  /** The next shows with how full they are. */
  shows: Row[];
  latest: BookingLine[];
  attention: Attention;
}

const SHOWS = 12;
const BOOKINGS = 10;

export async function readDashboard(
  db: Database,
  by: Manager,
  report: (by: Manager, name: ReportName, query: ReportQuery) => Promise<Report | Refusal>
): Promise<Dashboard> {
  const [sales, shows, latest, look] = await Promise.all([
    report(by, 'sales', { by: 'day' }),
    report(by, 'occupancy', { by: 'day' }),
    listBookings(db, by, { limit: BOOKINGS }),
    attention(db, by)
  ]);
  if (isRefusal(sales) || isRefusal(shows)) throw new Error('the usual days of a report are none');
  const now = new Date().toISOString();
  return {
    sales,
    shows: shows.rows.filter(({ startsAt }) => String(startsAt) > now).slice(0, SHOWS),
    latest: latest.items,
    attention: look
  };
}
