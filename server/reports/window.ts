import type { ReportQuery } from '#domain/reports.ts';
import type { Refusal } from '#domain/refusal.ts';
import { addDays, dayOf, dayStart, inZone } from '#domain/time.ts';
import { invalid } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';

/** Which days a report looks at, in whose zone, and how they are cut into periods. */
export interface Window {
  zone: string;
  /** First and last day, both included. */
  from: string;
  to: string;
  /** The same as moments: from this one on, and before that one. */
  start: Date;
  end: Date;
}

const USUAL_DAYS = 30;
const LONGEST_DAYS = 3700;
const PERIODS_AT_MOST = 1000;
const HOUR_MS = 3_600_000;

/** The same zone in SQL, for the owner that this column names. */
export const ZONE_OF_OWNER = (column: string) => `coalesce((
  select v.time_zone from venue v where v.organizer_id = ${column} group by 1 order by count(*) desc, 1 limit 1), 'UTC')`;

/** The zone that the manager's days are counted in: that of the venue asked for, else of most of their venues. */
export async function deskZone(sql: Sql, by: Manager, venue?: string): Promise<string> {
  const { rows } = await sql.query<{ zone: string }>(
    `select v.time_zone as zone from venue v where ${owned('v.organizer_id', 1)} and ($2::text is null or v.id = $2)
      group by 1 order by count(*) desc, 1 limit 1`,
    [by.owner, venue ?? null]
  );
  return rows[0]?.zone ?? 'UTC';
}

/** Refuses INVALID for a zone we cannot compute with and for days that make no window. `ahead`: the days to come. */
export async function readWindow(
  sql: Sql,
  by: Manager,
  query: Pick<ReportQuery, 'from' | 'to' | 'zone' | 'venue'>,
  ahead = false
): Promise<Window | Refusal> {
  const zone = query.zone ?? (await deskZone(sql, by, query.venue));
  if (!canCompute(zone)) return invalid('zone', 'is not a time zone, such as Europe/Berlin');
  const today = dayOf(new Date(), zone);
  const usual = ahead
    ? { from: today, to: addDays(today, USUAL_DAYS) }
    : { from: addDays(today, 1 - USUAL_DAYS), to: today };
  // One of the two alone: so many days after or before it.
  const from = query.from ?? (query.to ? addDays(query.to, 1 - USUAL_DAYS) : usual.from);
  const to = query.to ?? (query.from && query.from > usual.to ? addDays(query.from, USUAL_DAYS) : usual.to);
  if (from > to) return invalid('to', 'must not come before the first day');
  if (addDays(from, LONGEST_DAYS) < to) return invalid('to', 'is more than ten years after the first day');
  const [start, end] = [dayStart(from, zone), dayStart(addDays(to, 1), zone)];
  return start && end ? { zone, from, to, start, end } : invalid('from', 'is not a day there');
}

function canCompute(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

export interface Period {
  start: Date;
  /** `2026-12-12`, of a week its first day; of an hour `2026-12-12T19:00:00+05:30`. */
  label: string;
}

/**
 * The window cut at the full hours, midnights or Mondays of its zone: a day in spring has 23 hours and one in autumn
 * 25. The first week may be shorter. Refuses INVALID when there would be too many.
 */
export function periodsOf(window: Window, by: ReportQuery['by']): Period[] | Refusal {
  const { zone, start, end } = window;
  const periods: Period[] = [];
  if (by === 'hour') {
    for (let at = start.getTime(); at < end.getTime(); at += HOUR_MS) {
      if (periods.length >= PERIODS_AT_MOST) return tooMany(by);
      periods.push({ start: new Date(at), label: inZone(at, zone) });
    }
    return periods;
  }
  for (let day = window.from; day <= window.to; day = nextCut(day, by)) {
    if (periods.length >= PERIODS_AT_MOST) return tooMany(by);
    const begin = dayStart(day, zone);
    // A day that a zone has skipped altogether (Samoa, 2011) has no sales.
    if (begin) periods.push({ start: begin, label: day });
  }
  return periods;
}

function nextCut(day: string, by: 'day' | 'week'): string {
  if (by === 'day') return addDays(day, 1);
  const weekday = new Date(`${day}T00:00Z`).getUTCDay();
  return addDays(day, weekday === 0 ? 1 : 8 - weekday);
}

const tooMany = (by: string) => invalid('by', `makes too many ${by}s: choose fewer days or longer steps`);

/** The conditions all reports share, on `e` (event) and `s` (show); their values are $1 and $4 to $6. */
export const SCOPE = `${owned('e.organizer_id', 1)}
  and ($4::text is null or s.event_id = $4) and ($5::text is null or s.venue_id = $5)
  and ($6::text is null or e.kind = $6)`;

/** Values for `SCOPE`, with the window's moments as $2 and $3. */
export const scopeValues = (by: Manager, { start, end }: Window, query: ReportQuery) => [
  ...[by.owner, start, end, query.event ?? null, query.venue ?? null, query.kind ?? null]
];
