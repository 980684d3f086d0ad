import { newId } from '../../ids.ts';
import type { Database } from '../database.ts';

/** The play that the demo's theatre shows on its own site. */
const SLUG = 'the-cherry-orchard';

/** Lets the demo's theatre show the seat map of its play's next show, which is answered. */
export async function seedTheatre(db: Database, origin: string): Promise<string> {
  const { rows } = await db.query<{ show: string; organizer: string }>(
    `select s.id as show, e.organizer_id as organizer from show s join event e on e.id = s.event_id
      where e.slug = $1 and s.starts_at > now() and s.cancelled_at is null order by s.starts_at limit 1`,
    [SLUG]
  );
  const [found] = rows;
  if (!found) throw new Error('the demo’s theatre has no play to show: the data are not the demo’s own');
  // Its port is another one where a second demo runs; what it had before is nobody's.
  await db.query(`delete from embed_site where owner_id = $1 and origin like 'http://127.0.0.1:%'`, [found.organizer]);
  await db.query('insert into embed_site (id, owner_id, origin) values ($1, $2, $3)', [
    newId(),
    found.organizer,
    origin
  ]);
  return found.show;
}
