import type { ShowId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';

/**
 * The copy of a show: its rows, in the tables of a schema of its own that nobody else reads. So no list, page, report or
 * mail of the real house can show it, and it is gone with the schema.
 */
export const schemaOf = (rehearsal: string) => `rehearsal_${rehearsal}`;
const NAME = /^rehearsal_[0-9a-z]{12}$/;
export const isRehearsalSchema = (name: string) => NAME.test(name);

/** The tables a show needs, in the order of their references, each with the rows of it, `$1` being the show. */
const PARTS: readonly { table: string; where: string; instead?: Record<string, string> }[] = [
  {
    table: 'app_user',
    where: 'id = (select e.organizer_id from SOURCE.show s join SOURCE.event e on e.id = s.event_id where s.id = $1)',
    instead: { email: `'organizer@rehearsal.invalid'`, name: `'The organizer'`, password_hash: `'none'` }
  },
  // A plan may be of another owner than the event.
  {
    table: 'app_user',
    where: `id in (select p.organizer_id from SOURCE.show s join SOURCE.seating_plan p on p.id = s.plan_id where s.id = $1
             union select v.organizer_id from SOURCE.show s join SOURCE.venue v on v.id = s.venue_id where s.id = $1)
            and id not in (select id from app_user)`,
    instead: { email: `id || '@rehearsal.invalid'`, name: `'The house'`, password_hash: `'none'` }
  },
  { table: 'venue', where: 'id = (select venue_id from SOURCE.show where id = $1)' },
  { table: 'venue_room', where: 'venue_id = (select venue_id from SOURCE.show where id = $1)' },
  {
    table: 'seating_plan',
    where: 'id = (select plan_id from SOURCE.show where id = $1)',
    instead: { draft: 'null' }
  },
  { table: 'plan_seat', where: 'plan_id = (select plan_id from SOURCE.show where id = $1)' },
  {
    table: 'event',
    where: 'id = (select event_id from SOURCE.show where id = $1)',
    instead: { banner: 'null', banner_picture_id: 'null' }
  },
  {
    table: 'show',
    where: 'id = $1',
    instead: {
      sale: `'open'`,
      // Nobody is there to be drawn.
      room_per_minute: 'null',
      sale_opens_at: `now() - interval '1 hour'`,
      sale_closes_at: `greatest(sale_closes_at, now() + interval '1 hour')`
    }
  },
  { table: 'show_tier', where: 'show_id = $1' },
  { table: 'show_ticket_type', where: 'show_id = $1' },
  { table: 'show_fee', where: 'show_id = $1' },
  { table: 'seat_block', where: 'show_id = $1', instead: { blocked_by: 'null' } }
];

/** `sql` writes into the copy's schema; `source` is the schema of the real house. */
export async function copyShow(sql: Sql, source: string, show: ShowId): Promise<void> {
  for (const { table, where, instead = {} } of PARTS) {
    const { rows } = await sql.query<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = $1 and table_name = $2 and is_generated = 'NEVER' order by ordinal_position`,
      [source, table]
    );
    const names = rows.map(({ name }) => name);
    await sql.query(
      `insert into ${table} (${names.join(', ')})
       select ${names.map((name) => instead[name] ?? name).join(', ')}
         from ${source}.${table} where ${where.replaceAll('SOURCE', source)}`,
      [show]
    );
  }
}
