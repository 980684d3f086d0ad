import type { ShowId } from '#domain/ids.ts';
import type { EventKind, EventsQuery } from '#domain/protocol.ts';
import type { Sql } from '../db/database.ts';
import { BANNER, type BannerRow } from '../pictures/banner.ts';
import { decodeCursor, pattern, sortable, toPage } from './cursor.ts';

/** One page of events with shows to come. */
export interface EventRow extends BannerRow {
  id: string;
  slug: string;
  kind: EventKind;
  title: string;
  performers: string;
  description: string;
  duration_min: number | null;
  rating: string;
  tags: string[];
  next_show: ShowId | null;
  show_count: number;
  version: number;
}

/**
 * Each by its name: a statement that is prepared as `e.*` fails on this connection from the moment when a newer node adds a
 * column.
 */
export const EVENT = `e.id, e.slug, e.kind, e.title, e.performers, e.description, e.duration_min, e.rating, e.tags, e.version,
  ${BANNER}`;

export async function listEvents(sql: Sql, query: EventsQuery): Promise<{ rows: EventRow[]; next: string | null }> {
  const after = decodeCursor(query.cursor);
  const key = query.sort === 'title' ? 'lower(e.title)' : sortable('n.starts_at');
  const { rows } = await sql.query<EventRow & { key: string }>(
    `select ${EVENT}, n.id as next_show, n.show_count, ${key} as key
       from event e
       join lateral (
         select (array_agg(s.id order by s.starts_at, s.id))[1] as id, min(s.starts_at) as starts_at, count(*) as show_count
           from show s join venue v on v.id = s.venue_id
          where s.event_id = e.id and s.starts_at > now() and s.cancelled_at is null
            and ($3::text is null or v.slug = $3 or v.id = $3)
            and ($4::text is null or lower(v.city) = lower($4))
            and ($5::date is null or (s.starts_at at time zone v.time_zone)::date >= $5)
            and ($6::date is null or (s.starts_at at time zone v.time_zone)::date <= $6)
       ) n on n.show_count > 0
      where ($1::text is null or e.title ilike $1 or e.performers ilike $1 or exists (
              select 1 from show s join venue v on v.id = s.venue_id
               where s.event_id = e.id and s.starts_at > now() and s.cancelled_at is null and (v.name ilike $1 or v.city ilike $1)))
        and ($2::text is null or e.kind = $2)
        and ($7::text is null or (${key}, e.id) > ($7, $8))
      order by key, e.id
      limit $9`,
    [
      pattern(query.q),
      query.kind ?? null,
      query.venue ?? null,
      query.city ?? null,
      query.from ?? null,
      query.to ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      query.limit + 1
    ]
  );
  return toPage(rows, query.limit);
}
