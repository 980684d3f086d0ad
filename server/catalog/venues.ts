import type { VenueBody, VenuePatch, VenuesQuery } from '#domain/catalog.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { slugOf } from '#domain/slug.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { audit, change, hasBookings, hasShows, invalid, outdated } from './changes.ts';
import { pattern, sortable } from './cursor.ts';
import { owned, type Manager } from './ownership.ts';
import { readBefore, tellChanges } from './show-changes.ts';
import { readPage, type Page } from './pages.ts';
import { readPlan } from './plans/rows.ts';
import { renameRoom, replaceRooms } from './rooms.ts';
import { insertWithSlug } from './slugs.ts';

/** A venue as its organizer sees it. */
export interface Venue {
  id: string;
  slug: string;
  name: string;
  address: string;
  city: string;
  country: string;
  timeZone: string;
  /** By their names, in their organizer's order. */
  rooms: string[];
  version: number;
  /** RFC 3339. */
  createdAt: string;
  plans: number;
  /** Shows to come. */
  shows: number;
}

const VENUE = `v.id, v.slug, v.name, v.address, v.city, v.country, v.time_zone as "timeZone",
  array(select r.name from venue_room r where r.venue_id = v.id order by r.ordinal, r.name) as rooms, v.version, to_json(v.created_at) #>> '{}' as "createdAt",
  (select count(*) from seating_plan p where p.venue_id = v.id and p.published_at is not null) as plans,
  (select count(*) from show s where s.venue_id = v.id and s.starts_at > now()) as shows`;

const SORTS: Record<VenuesQuery['sort'], { key: string; order: 'asc' | 'desc' }> = {
  name: { key: 'lower(v.name)', order: 'asc' },
  city: { key: `lower(v.city) || ' ' || lower(v.name)`, order: 'asc' },
  newest: { key: sortable('v.created_at'), order: 'desc' }
};

export interface Venues {
  list(by: Manager, query: VenuesQuery): Promise<Page<Venue>>;
  get(by: Manager, id: string): Promise<Venue | Refusal>;
  create(by: Manager, body: VenueBody): Promise<Venue | Refusal>;
  /** Refuses CHANGED_MEANWHILE when `patch.version` is not the version there is now, and to take a room from its plans. */
  update(by: Manager, id: string, patch: VenuePatch): Promise<Venue | Refusal>;
  /** With its seating plans, each with its line in the audit log. Refuses HAS_BOOKINGS, and HAS_SHOWS while there are shows at all, past ones too. */
  remove(by: Manager, id: string): Promise<null | Refusal>;
}

export function createVenues(db: Database): Venues {
  async function read(sql: Sql, by: Manager, id: string, lock = ''): Promise<Venue | Refusal> {
    const found = await sql.query<Venue>(
      `select ${VENUE} from venue v where v.id = $1 and ${owned('v.organizer_id', 2)} ${lock}`,
      [id, by.owner]
    );
    return found.rows[0] ?? notFound('venue');
  }

  return {
    list: (by, query) =>
      readPage(
        db,
        {
          ...{ columns: VENUE, from: 'venue v', id: 'v.id', ...SORTS[query.sort] },
          where: `${owned('v.organizer_id', 1)}
            and ($2::text is null or v.name ilike $2 or v.city ilike $2 or v.address ilike $2)`,
          values: [by.owner, pattern(query.q)]
        },
        query
      ),

    get: (by, id) => read(db, by, id),

    create: (by, body) =>
      change(db, async (sql) => {
        const timeZone = await knownZone(sql, body.timeZone);
        if (isRefusal(timeZone)) return timeZone;
        const id = newId();
        await insertWithSlug(sql, slugOf(body.name) || 'venue', (slug) => [
          `insert into venue (id, organizer_id, slug, name, address, city, country, time_zone)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (slug) do nothing`,
          [id, by.user, slug, body.name, body.address, body.city, body.country, timeZone]
        ]);
        await replaceRooms(sql, id, [], body.rooms);
        const venue = await read(sql, by, id);
        await audit(sql, by, 'venue', id, null, venue);
        return venue;
      }),

    update: (by, id, { version, ...patch }) =>
      change(db, async (sql) => {
        const before = await read(sql, by, id, 'for update');
        if (isRefusal(before)) return before;
        const late = outdated(before, version);
        if (late) return late;
        const timeZone = patch.timeZone ? await knownZone(sql, patch.timeZone) : before.timeZone;
        if (isRefusal(timeZone)) return timeZone;
        const wrong = await changeRooms(sql, before, patch);
        if (wrong) return wrong;
        const { name, address, city, country } = { ...before, ...patch };
        const told = await readBefore(sql, { venue: id });
        await sql.query(
          `update venue set name = $2, address = $3, city = $4, country = $5, time_zone = $6,
                  version = version + 1, updated_at = now() where id = $1`,
          [id, name, address, city, country, timeZone]
        );
        await tellChanges(sql, told);
        const after = await read(sql, by, id);
        await audit(sql, by, 'venue', id, before, after);
        return after;
      }),

    remove: (by, id) =>
      change(db, async (sql) => {
        const before = await read(sql, by, id, 'for update');
        if (isRefusal(before)) return before;
        const shows = await sql.query<{ booked: boolean }>(
          `select exists (select 1 from booking b where b.show_id = s.id) as booked from show s
            where s.venue_id = $1 order by booked desc limit 1`,
          [id]
        );
        const [show] = shows.rows;
        if (show) return show.booked ? hasBookings() : hasShows();
        await audit(sql, by, 'venue', id, before, null);
        const plans = await sql.query<{ id: string }>('select id from seating_plan where venue_id = $1 order by id', [
          id
        ]);
        for (const { id: planId } of plans.rows) {
          const plan = await readPlan(sql, by, planId);
          if (isRefusal(plan)) return plan;
          await audit(sql, by, 'plan', planId, plan, null);
        }
        await sql.query('delete from seating_plan where venue_id = $1', [id]);
        await sql.query('delete from venue where id = $1', [id]);
        return null;
      })
  };
}

async function changeRooms(sql: Sql, { id, rooms }: Venue, patch: VenuePatch): Promise<Refusal | undefined> {
  const now = patch.renameRoom ? await renameRoom(sql, id, rooms, patch.renameRoom) : rooms;
  if (isRefusal(now)) return now;
  return patch.rooms && replaceRooms(sql, id, now, patch.rooms);
}

/** The zone by the name that Postgres has for it: a name it did not know would break every search by day. */
async function knownZone(sql: Sql, given: string): Promise<string | Refusal> {
  const found = await sql.query<{ name: string }>('select name from pg_timezone_names where lower(name) = lower($1)', [
    given
  ]);
  return found.rows[0]?.name ?? invalid('timeZone', 'is not a time zone, such as Europe/Berlin');
}
