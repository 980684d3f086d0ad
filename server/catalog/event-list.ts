import { z } from 'zod';
import type { ShowId } from '#domain/ids.ts';
import type { EventKind, EventsQuery } from '#domain/protocol.ts';
import type { Sql } from '../db/database.ts';

/** One page of events with shows to come. The cursor names the last event of the page, not a position. */
export interface EventRow {
  id: string;
  slug: string;
  kind: EventKind;
  title: string;
  performers: string;
  description: string;
  duration_min: number | null;
  rating: string;
  tags: string[];
  banner: string | null;
  next_show: ShowId | null;
  show_count: number;
}

const cursorShape = z.tuple([z.string(), z.string()]);

const encode = (key: string, id: string) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** A cursor we did not make starts at the beginning: there is nothing to leak or to break. */
function decode(cursor: string | undefined): [string, string] | null {
  if (cursor === undefined) return null;
  try {
    const parsed = cursorShape.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** `%` and `_` mean themselves in what a person types. */
const pattern = (words: string) => `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`;

export async function listEvents(sql: Sql, query: EventsQuery): Promise<{ rows: EventRow[]; next: string | null }> {
  const after = decode(query.cursor);
  const key =
    query.sort === 'title' ? 'lower(e.title)' : `to_char(n.starts_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`;
  const { rows } = await sql.query<EventRow & { key: string }>(
    `select e.*, n.id as next_show, n.show_count, ${key} as key
       from event e
       join lateral (
         select (array_agg(s.id order by s.starts_at, s.id))[1] as id, min(s.starts_at) as starts_at, count(*) as show_count
           from show s join venue v on v.id = s.venue_id
          where s.event_id = e.id and s.starts_at > now()
            and ($3::text is null or v.slug = $3 or v.id = $3)
            and ($4::text is null or lower(v.city) = lower($4))
            and ($5::date is null or (s.starts_at at time zone v.time_zone)::date >= $5)
            and ($6::date is null or (s.starts_at at time zone v.time_zone)::date <= $6)
       ) n on n.show_count > 0
      where ($1::text is null or e.title ilike $1 or e.performers ilike $1 or exists (
              select 1 from show s join venue v on v.id = s.venue_id
               where s.event_id = e.id and s.starts_at > now() and (v.name ilike $1 or v.city ilike $1)))
        and ($2::text is null or e.kind = $2)
        and ($7::text is null or (${key}, e.id) > ($7, $8))
      order by key, e.id
      limit $9`,
    [
      query.q ? pattern(query.q) : null,
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
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > query.limit && last ? encode(last.key, last.id) : null };
}
