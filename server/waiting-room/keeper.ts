import type { ShowId } from '#domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import { drawOrder, hashOfList } from './draw.ts';
import type { Load } from './load.ts';
import { paceOf } from './pace.ts';
import type { RoomRedis, Tick } from './room-state.ts';
import { readEntrants, readRoom, writeEntrants, type RoomRow } from './rows.ts';

/**
 * Takes a room from one phase to the next and lets people in. Every node does so once a second, and each step is one that
 * a second node may repeat: no leader is needed, and a node that dies in the middle leaves nothing half done.
 */
export const TICK_MS = 1000;
/** The list is closed and its hash published so long before the seed is. */
export const CLOSED_BEFORE_MS = 10_000;
/** Whoever was not heard of for so long is gone: three heartbeats of a page. */
export const LAPSE_MS = 60_000;

export interface RoomTimes {
  closedBeforeMs: number;
  lapseMs: number;
  tickMs: number;
}

export function createKeeper(parts: { db: Database; seats: Seats; state: RoomRedis; times: RoomTimes; log: Logger }) {
  const { db, seats, state, times, log } = parts;

  /** Redis does not have the room (any more): as Postgres knows it. Whoever comes back finds the place of the draw. */
  async function restore(show: ShowId): Promise<void> {
    const room = await readRoom(db, show);
    if (!room) return;
    const last = Math.max(room.entrants ?? 0, room.admittedTo);
    await state.open(show, room.closedAt ? 'closed' : 'lobby', room.opens, last, room.admittedTo);
    if (room.drawnAt) await seatInLine(room, last);
  }

  async function seatInLine(room: RoomRow, last: number): Promise<void> {
    const entrants = await readEntrants(db, room.show);
    const byTicket = new Map(entrants.map((entrant) => [entrant.ticket, entrant]));
    const order = drawOrder(room.seed, [...byTicket.keys()]);
    await state.place(
      room.show,
      order.flatMap((ticket) => byTicket.get(ticket) ?? [])
    );
    await state.begin(room.show, last);
  }

  /** Who is in the draw is written down, once. */
  async function writeList(show: ShowId): Promise<void> {
    const entrants = await state.entrants(show);
    await db.transaction(async (sql) => {
      const room = await readRoom(sql, show, true);
      if (!room || room.closedAt) return;
      await writeEntrants(sql, show, entrants, hashOfList(entrants.map(({ ticket }) => ticket)));
      log.info({ show, entrants: entrants.length }, 'closed the list of a draw');
    });
  }

  /** The seed is public from this commit on; then everybody gets their place. */
  async function draw(show: ShowId): Promise<void> {
    await db.query('update waiting_room set drawn_at = coalesce(drawn_at, now()) where show_id = $1', [show]);
    const room = await readRoom(db, show);
    if (room) await seatInLine(room, room.entrants ?? 0);
  }

  async function paceNow(room: RoomRow, load: Load, inside: number): Promise<number> {
    if (room.paused) return 0;
    const counts = (await seats.counts([room.show])).get(room.show);
    return counts ? paceOf(room.perMinute, { ...load, inside, ...counts }) : 0;
  }

  /** How many were inside at the last look: the pace is reckoned before the tick. */
  const inside = new Map<ShowId, number>();

  async function tick(room: RoomRow, load: Load): Promise<Tick | null> {
    const { show } = room;
    const pace = await paceNow(room, load, inside.get(show) ?? 0);
    const told = await state.tick(show, pace, room.minutes * 60_000, times.lapseMs, times.tickMs);
    if (!told) {
      await restore(show);
      return null;
    }
    inside.set(show, told.inside);
    if (told.phase === 'lobby') {
      if (told.now < room.opens - times.closedBeforeMs) {
        if (told.opens !== room.opens) await state.open(show, 'lobby', room.opens, 0, 0);
      } else if ((await state.close(show, times.closedBeforeMs, times.lapseMs)) === 'closed') await writeList(show);
    } else if (told.phase === 'closed') {
      if (!room.closedAt) await writeList(show);
      else if (told.now >= room.opens) await draw(show);
    } else if (told.admittedTo > room.admittedTo) {
      await db.query('update waiting_room set admitted_to = $2 where show_id = $1 and admitted_to < $2', [
        ...[show, told.admittedTo]
      ]);
    }
    return told;
  }

  return { tick, restore };
}
