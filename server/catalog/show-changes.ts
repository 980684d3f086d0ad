import type { ShowId } from '#domain/ids.ts';
import { enqueue } from '../booking/outbox.ts';
import type { Sql } from '../db/database.ts';

/** What people who have booked need to know of a show. Times are RFC 3339, in UTC. */
export interface ShowFacts {
  startsAt: string;
  doorsAt: string | null;
  venue: { name: string; address: string; city: string; timeZone: string };
  /** A version of a seating plan, by its name and number. */
  plan: { name: string; number: number };
}

const utc = (moment: string) => `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const FACTS = `json_build_object(
  'startsAt', ${utc('s.starts_at')}, 'doorsAt', ${utc('s.doors_at')},
  'venue', json_build_object('name', v.name, 'address', v.address, 'city', v.city, 'timeZone', v.time_zone),
  'plan', json_build_object('name', p.name, 'number', p.number)) as facts`;
const FROM = 'show s join venue v on v.id = s.venue_id join seating_plan p on p.id = s.plan_id';

export async function factsOfShow(sql: Sql, show: ShowId): Promise<ShowFacts | null> {
  const found = await sql.query<{ facts: ShowFacts }>(`select ${FACTS} from ${FROM} where s.id = $1`, [show]);
  return found.rows[0]?.facts ?? null;
}

/** By show. */
type Before = ReadonlyMap<ShowId, ShowFacts>;

/**
 * This show, or all that are to come at this venue, as they are before a change. Holds them until the transaction
 * ends: whoever books meanwhile waits, and buys what the show has become.
 */
export async function readBefore(sql: Sql, of: { show: ShowId } | { venue: string }): Promise<Before> {
  const [which, id] = 'show' in of ? ['s.id = $1', of.show] : ['s.venue_id = $1 and s.starts_at > now()', of.venue];
  const { rows } = await sql.query<{ id: ShowId; facts: ShowFacts }>(
    `select s.id, ${FACTS} from ${FROM}
      where ${which} and s.cancelled_at is null
      order by s.id for no key update of s`,
    [id]
  );
  return new Map(rows.map(({ id: show, facts }) => [show, facts]));
}

/**
 * After the change, in its transaction: writes down what is different for those who have booked, and that they are to
 * be told. A show that nobody has booked, or that is over, is nobody's news.
 */
export async function tellChanges(sql: Sql, before: Before): Promise<void> {
  if (before.size === 0) return;
  const { rows } = await sql.query<{ id: ShowId; facts: ShowFacts }>(
    `select s.id, ${FACTS} from ${FROM}
      where s.id = any($1) and exists (
              select 1 from booking b where b.show_id = s.id and b.status in ('PENDING', 'CONFIRMED'))
      order by s.id`,
    [[...before.keys()]]
  );
  for (const { id, facts } of rows) {
    const was = before.get(id);
    if (!was || JSON.stringify(was) === JSON.stringify(facts)) continue;
    if ([was, facts].every(({ startsAt }) => new Date(startsAt).getTime() <= Date.now())) continue;
    const made = await sql.query<{ id: number }>(
      'insert into show_change (show_id, was, becomes) values ($1, $2, $3) returning id',
      [id, JSON.stringify(was), JSON.stringify(facts)]
    );
    const changeId = made.rows[0]?.id;
    if (changeId !== undefined) await enqueue(sql, 'show.changed', { changeId }, { dedupeKey: String(changeId) });
  }
}
