import type { EventBody, EventPatch, OwnEventsQuery } from '#domain/catalog.ts';
import type { ShowId } from '#domain/ids.ts';
import type { EventKind } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { slugOf } from '#domain/slug.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { BANNER, bannerOf, type Banner, type BannerRow } from '../pictures/banner.ts';
import { audit, change, outdated } from './changes.ts';
import { pattern, sortable } from './cursor.ts';
import { readOwnShow } from './own-shows.ts';
import { owned, type Manager } from './ownership.ts';
import { readPage, type Page } from './pages.ts';
import { insertWithSlug } from './slugs.ts';

/** An event as its organizer sees it, whether or not it has shows. */
export interface OwnEvent {
  id: string;
  slug: string;
  kind: EventKind;
  title: string;
  performers: string;
  description: string;
  durationMin: number | null;
  rating: string;
  tags: string[];
  banner: Banner | null;
  version: number;
  /** RFC 3339. */
  createdAt: string;
  /** Shows to come, and all of them. */
  comingShows: number;
  shows: number;
}

const EVENT = `e.id, e.slug, e.kind, e.title, e.performers, e.description, e.duration_min as "durationMin", e.rating,
  e.tags, ${BANNER}, e.version, to_json(e.created_at) #>> '{}' as "createdAt",
  (select count(*) from show s where s.event_id = e.id and s.starts_at > now()) as "comingShows",
  (select count(*) from show s where s.event_id = e.id) as shows`;

type Row = Omit<OwnEvent, 'banner'> & BannerRow;
const toEvent = ({ banner, banner_alt, banner_picture, ...event }: Row): OwnEvent => ({
  ...event,
  banner: bannerOf({ banner, banner_alt, banner_picture })
});

/** `lock` keeps the event as it is until the transaction ends. */
export async function readOwnEvent(sql: Sql, by: Manager, id: string, lock = false): Promise<OwnEvent | Refusal> {
  const found = await sql.query<Row>(
    `select ${EVENT} from event e where e.id = $1 and ${owned('e.organizer_id', 2)} ${lock ? 'for update of e' : ''}`,
    [id, by.owner]
  );
  const [row] = found.rows;
  return row ? toEvent(row) : notFound('event');
}

const SORTS: Record<OwnEventsQuery['sort'], { key: string; order: 'asc' | 'desc' }> = {
  title: { key: 'lower(e.title)', order: 'asc' },
  newest: { key: sortable('e.created_at'), order: 'desc' }
};

export interface Events {
  list(by: Manager, query: OwnEventsQuery): Promise<Page<OwnEvent>>;
  get(by: Manager, id: string): Promise<OwnEvent | Refusal>;
  create(by: Manager, body: EventBody): Promise<OwnEvent | Refusal>;
  /** The slug stays as it is: links to the event keep working. Refuses CHANGED_MEANWHILE. */
  update(by: Manager, id: string, patch: EventPatch): Promise<OwnEvent | Refusal>;
  /** With its shows, each with its line in the audit log; answers which those were. Refuses HAS_BOOKINGS when any of them was ever booked. */
  remove(by: Manager, id: string): Promise<ShowId[] | Refusal>;
}

export function createEvents(db: Database): Events {
  return {
    async list(by, query) {
      const page = await readPage<Row>(
        db,
        {
          ...{ columns: EVENT, from: 'event e', id: 'e.id', ...SORTS[query.sort] },
          where: `${owned('e.organizer_id', 1)}
            and ($2::text is null or e.title ilike $2 or e.performers ilike $2)
            and ($3::text is null or e.kind = $3)`,
          values: [by.owner, pattern(query.q), query.kind ?? null]
        },
        query
      );
      return { ...page, items: page.items.map(toEvent) };
    },

    get: (by, id) => readOwnEvent(db, by, id),

    create: (by, body) =>
      change(db, async (sql) => {
        const id = newId();
        await insertWithSlug(sql, slugOf(body.title) || 'event', (slug) => [
          `insert into event (id, organizer_id, slug, kind, title, performers, description, duration_min, rating, tags)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (slug) do nothing`,
          [
            ...[id, by.user, slug, body.kind, body.title, body.performers, body.description],
            ...[body.durationMin, body.rating, body.tags]
          ]
        ]);
        const event = await readOwnEvent(sql, by, id);
        await audit(sql, by, 'event', id, null, event);
        return event;
      }),

    update: (by, id, { version, ...patch }) =>
      change(db, async (sql) => {
        const before = await readOwnEvent(sql, by, id, true);
        if (isRefusal(before)) return before;
        const late = outdated(before, version);
        if (late) return late;
        const { kind, title, performers, description, durationMin, rating, tags } = { ...before, ...patch };
        await sql.query(
          `update event set kind = $2, title = $3, performers = $4, description = $5, duration_min = $6, rating = $7,
                  tags = $8, version = version + 1, updated_at = now() where id = $1`,
          [id, kind, title, performers, description, durationMin, rating, tags]
        );
        const after = await readOwnEvent(sql, by, id);
        await audit(sql, by, 'event', id, before, after);
        return after;
      }),

    remove: (by, id) =>
      change(db, async (sql) => {
        const before = await readOwnEvent(sql, by, id, true);
        if (isRefusal(before)) return before;
        await audit(sql, by, 'event', id, before, null);
        const shows = await sql.query<{ id: ShowId }>('select id from show where event_id = $1 order by id', [id]);
        for (const { id: showId } of shows.rows) {
          const show = await readOwnShow(sql, by, showId);
          if (isRefusal(show)) return show;
          await audit(sql, by, 'show', showId, show, null);
        }
        await sql.query('delete from show where event_id = $1', [id]);
        await sql.query('delete from event where id = $1', [id]);
        return shows.rows.map((show) => show.id);
      })
  };
}
