import type { Refusal } from '#domain/refusal.ts';
import type { Sql } from '../db/database.ts';
import { invalid } from './changes.ts';

/** The rooms of venues. Which one a show is in says its seating plan; all versions of a plan are for the same. */

/** `placeName` of #domain/place in SQL, of a venue `v` and a seating plan. */
export const placeOf = (plan = 'p') => `concat_ws(', ', v.name, ${plan}.room)`;

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** The room as it is written in the venue; refused when there is none of that name. */
export async function knownRoom(
  sql: Sql,
  venueId: string,
  room: string | null | undefined
): Promise<Refusal | string | null> {
  if (room === null || room === undefined) return null;
  const found = await sql.query<{ name: string }>(
    'select name from venue_room where venue_id = $1 and lower(name) = lower($2)',
    [venueId, room]
  );
  return found.rows[0]?.name ?? invalid('room', 'is not a room of this venue: add it to the venue first');
}

/** Puts `rooms` in the place of those there were. Refuses INVALID, naming the plans, where one of them would lose its room. */
export async function replaceRooms(
  sql: Sql,
  venueId: string,
  before: readonly string[],
  rooms: readonly string[]
): Promise<Refusal | undefined> {
  const gone = before.filter((name) => !rooms.some((room) => same(room, name)));
  const used = await sql.query<{ room: string; plans: string[] }>(
    `select room, array_agg(distinct name order by name) as plans from seating_plan
      where venue_id = $1 and room = any($2) group by room order by room`,
    [venueId, gone]
  );
  if (used.rows.length > 0) return invalid('rooms', used.rows.map(stillUsed).join('; '));
  await sql.query('delete from venue_room where venue_id = $1 and name = any($2)', [venueId, gone]);
  await sql.query(
    `insert into venue_room (venue_id, name, ordinal)
     select $1, name, n from unnest($2::text[]) with ordinality as r (name, n)
     on conflict (venue_id, lower(name)) do update set name = excluded.name, ordinal = excluded.ordinal`,
    [venueId, rooms]
  );
  return undefined;
}

/** Another name for a room, in its plans and at its shows too. Answers the rooms as they are then. */
export async function renameRoom(
  sql: Sql,
  venueId: string,
  before: readonly string[],
  { from, to }: { from: string; to: string }
): Promise<readonly string[] | Refusal> {
  const known = before.find((name) => same(name, from));
  if (known === undefined) return invalid('renameRoom.from', 'is not a room of this venue');
  if (before.some((name) => name !== known && same(name, to))) {
    return invalid('renameRoom.to', 'is the name of another room of this venue');
  }
  await sql.query('update venue_room set name = $3 where venue_id = $1 and name = $2', [venueId, known, to]);
  return before.map((name) => (name === known ? to : name));
}

const NAMED = 5;

/** After the name of the field: 'Rooms must keep …'. */
function stillUsed({ room, plans }: { room: string; plans: string[] }): string {
  const one = plans.length === 1;
  const names = plans.slice(0, NAMED).map((plan) => `“${plan}”`);
  const more = plans.length > NAMED ? ` and ${plans.length - NAMED} more` : '';
  return `must keep “${room}”, which ${one ? 'the seating plan' : 'the seating plans'} ${names.join(', ')}${more} ${one ? 'is' : 'are'} for: give ${one ? 'it' : 'them'} another room first, or rename this one`;
}
