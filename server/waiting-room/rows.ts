import type { BuyerId, ShowId } from '#domain/ids.ts';
import type { Sql } from '../db/database.ts';
import { newSeed } from './draw.ts';

/** A room as Postgres has it. Times are ms since 1970. */
export interface RoomRow {
  show: ShowId;
  perMinute: number;
  minutes: number;
  perNetwork: number | null;
  opens: number;
  commitment: string;
  seed: Buffer;
  closedAt: Date | null;
  entrants: number | null;
  listHash: string | null;
  drawnAt: Date | null;
  admittedTo: number;
  paused: boolean;
}

const ROOM = `select s.id as show, s.room_per_minute as "perMinute", s.room_minutes as minutes,
    s.seats_per_network as "perNetwork", (extract(epoch from s.sale_opens_at) * 1000)::bigint as opens,
    w.commitment, w.seed, w.closed_at as "closedAt", w.entrants, w.list_hash as "listHash", w.drawn_at as "drawnAt",
    w.admitted_to as "admittedTo", w.paused
  from show s join waiting_room w on w.show_id = s.id
 where s.room_per_minute is not null`;

/** Null when the show has no waiting room. */
export async function readRoom(sql: Sql, show: ShowId, lock = false): Promise<RoomRow | null> {
  const found = await sql.query<RoomRow>(`${ROOM} and s.id = $1 ${lock ? 'for update of w' : ''}`, [show]);
  return found.rows[0] ?? null;
}

/** Of all shows that are or will be on sale. */
export async function readRooms(sql: Sql): Promise<RoomRow[]> {
  const found = await sql.query<RoomRow>(`${ROOM} and s.cancelled_at is null and s.sale_closes_at > now()`);
  return found.rows;
}

/** With the seed, whose hash is public from now on. A room that was put off and comes back keeps its own. */
export async function makeRoom(sql: Sql, show: ShowId): Promise<void> {
  const { seed, commitment } = newSeed();
  await sql.query(
    'insert into waiting_room (show_id, seed, commitment) values ($1, $2, $3) on conflict (show_id) do nothing',
    [show, seed, commitment]
  );
}

export interface Entrant {
  ticket: string;
  buyer: BuyerId;
}

export async function readEntrants(sql: Sql, show: ShowId): Promise<Entrant[]> {
  const found = await sql.query<Entrant>(
    'select ticket, buyer from waiting_room_entrant where show_id = $1 order by ticket collate "C"',
    [show]
  );
  return found.rows;
}

export async function writeEntrants(sql: Sql, show: ShowId, entrants: readonly Entrant[], listHash: string) {
  await sql.query(
    `insert into waiting_room_entrant (show_id, ticket, buyer)
     select $1, ticket, buyer from unnest($2::text[], $3::text[]) as w (ticket, buyer)`,
    [show, entrants.map(({ ticket }) => ticket), entrants.map(({ buyer }) => buyer)]
  );
  await sql.query(
    'update waiting_room set closed_at = now(), entrants = $2, list_hash = $3 where show_id = $1 and closed_at is null',
    [show, entrants.length, listHash]
  );
}
