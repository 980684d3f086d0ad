import { EVERYTHING, type Cache } from '../cache/cache.ts';
import type { Database, Sql } from '../db/database.ts';

/**
 * The one place where writes to the catalogue tell the cache. It looks at the statements themselves, so a new write
 * cannot forget it; the audit line of the same transaction says which things it was about, and without one (or with one
 * that does not say enough) everything is forgotten.
 */
const WRITE =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate(?:\s+table)?)\s+(?:only\s+)?(?:event|show|venue|venue_room|seating_plan|show_tier|show_ticket_type|show_fee)\b/i;

const seen = new Map<string, boolean>();
/** Our statements are some hundreds; whoever composes them without end is looked at each time. */
const SEEN_AT_MOST = 1000;

function writes(statement: unknown): boolean {
  const text = typeof statement === 'string' ? statement : String((statement as { text?: unknown } | null)?.text);
  const known = seen.get(text);
  if (known !== undefined) return known;
  const found = WRITE.test(text);
  if (seen.size < SEEN_AT_MOST) seen.set(text, found);
  return found;
}

export const tagOf = {
  event: (id: string) => `event:${id}`,
  show: (id: string) => `show:${id}`,
  venue: (id: string) => `venue:${id}`
};

const touched = new WeakMap<Sql, Set<string>>();

/** What an audit line says the transaction is about. A show belongs to its event's page, also when it is new. */
export function noteChange(sql: Sql, kind: string, id: string, before: object | null, after: object | null): void {
  const tags = touched.get(sql) ?? new Set();
  touched.set(sql, tags);
  if (kind === 'event' || kind === 'venue') tags.add(tagOf[kind](id));
  if (kind === 'plan') tags.add(placeTag(before, after) ?? `plan:${id}`);
  if (kind !== 'show') return;
  tags.add(tagOf.show(id));
  const eventId = eventOf(after) ?? eventOf(before);
  if (eventId !== undefined) tags.add(tagOf.event(eventId));
  else if (before === null) tags.add(EVERYTHING);
}

/** Nothing that visitors see of a plan ever changes but the room it is for, which stands beside its venue. */
function placeTag(before: object | null, after: object | null): string | undefined {
  const roomOf = (thing: object | null): unknown => (thing && 'room' in thing ? thing.room : undefined);
  const venue: unknown = after && 'venue' in after ? after.venue : undefined;
  if (before === null || roomOf(before) === roomOf(after)) return undefined;
  return typeof venue === 'object' && venue && 'id' in venue ? tagOf.venue(String(venue.id)) : undefined;
}

function eventOf(thing: object | null): string | undefined {
  const event: unknown = thing && 'event' in thing ? thing.event : undefined;
  return typeof event === 'object' && event && 'id' in event ? String(event.id) : undefined;
}

/** The same database, whose writes to the catalogue tell the cache before and after their commit. */
export function telling(cache: Pick<Cache, 'changing'>, db: Database): Database {
  const query = db.query.bind(db) as (...args: unknown[]) => Promise<unknown>;
  const alone = (...args: unknown[]) =>
    writes(args[0]) ? cache.changing([EVERYTHING], () => query(...args)) : query(...args);
  return {
    ...db,
    query: alone as Sql['query'],
    transaction(work, isolation) {
      let wrote = false;
      let tags: ReadonlySet<string> | undefined;
      return db.transaction(
        async (sql) => {
          const inside = sql.query.bind(sql) as (...args: unknown[]) => unknown;
          const watched: Sql = {
            query: ((...args: unknown[]) => {
              wrote ||= writes(args[0]);
              return inside(...args);
            }) as Sql['query']
          };
          const done = await work(watched);
          tags = touched.get(watched);
          return done;
        },
        isolation,
        (commit) => (wrote ? cache.changing(tags?.size ? [...tags] : [EVERYTHING], commit) : commit())
      );
    }
  };
}
