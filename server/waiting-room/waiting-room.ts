import * as m from '#domain/messages/compiled/refusals.js';
import type { BuyerId, ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { RoomDraw, RoomPlace, RoomState } from '#domain/waiting-room.ts';
import { createNetworkNames } from '../accounts/network.ts';
import { audit, change } from '../catalog/changes.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import { isUnavailable, type Database } from '../db/database.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Seats } from '../seats/seats.ts';
import { createTickets } from './draw.ts';
import { CLOSED_BEFORE_MS, createKeeper, LAPSE_MS, TICK_MS, type RoomTimes } from './keeper.ts';
import { measureLoad } from './load.ts';
import { createRoomState, type Entered, type Tick } from './room-state.ts';
import { readEntrants, readRoom, readRooms, type RoomRow } from './rows.ts';

/** The waiting rooms of hot shows: a draw before the sale opens, a line behind it, and who is let in when. */
export interface WaitingRoom {
  /**
   * A buyer comes (`comes`), or says that they are still here; who only looks gets no ticket. Refuses NOT_FOUND for a show
   * without a room, CAP_REACHED when their network has as many tickets as it may have seats, BUSY.
   */
  enter(show: ShowId, who: Comer, comes: boolean): Promise<RoomPlace | Refusal>;
  /** Gives up the place, and an admission. */
  leave(show: ShowId, buyer: BuyerId): Promise<void | Refusal>;
  /** The same for everybody. Refuses NOT_FOUND, BUSY. */
  state(show: ShowId): Promise<RoomState | Refusal>;
  /** What the draw can be checked with, as far as it is public. Refuses NOT_FOUND. */
  draw(show: ShowId): Promise<RoomDraw | Refusal>;
  /** Whether a buyer may choose seats now, as far as the room goes; of a show without one: true. */
  admits(show: ShowId, buyer: BuyerId): Promise<boolean>;
  /** Admission stops, or goes on; whoever is inside stays. */
  pause(by: Manager, show: ShowId, paused: boolean): Promise<RoomState | Refusal>;
  /** Begins to let people in, on this node too. */
  start(): void;
  /** One round over all rooms: what the timer does each second. */
  round(): Promise<void>;
  close(): Promise<void>;
}

export interface Comer {
  buyer: BuyerId;
  /** Whom they were before signing in: the place is theirs. */
  guest: BuyerId | null;
  network: string | null;
}

const ROOMS_READ_EVERY_MS = 2000;
/** While nothing changes, those who wait are told all the same, in case a message was lost. */
const TOLD_ANYWAY_MS = 10_000;

export function createWaitingRoom(parts: {
  db: Database;
  redis: RedisClient;
  seats: Seats;
  config: Config;
  log: Logger;
  /** To those who wait on this node. */
  tell: (state: RoomState) => void;
  /** For tests. */
  times?: Partial<RoomTimes & { readEveryMs: number }>;
}): WaitingRoom {
  const { db, seats, config } = parts;
  const log = parts.log.child({ part: 'waiting room' });
  const times = { closedBeforeMs: CLOSED_BEFORE_MS, lapseMs: LAPSE_MS, tickMs: TICK_MS, ...parts.times };
  const readEveryMs = parts.times?.readEveryMs ?? ROOMS_READ_EVERY_MS;
  const state = createRoomState(parts.redis, seats.keys);
  const keeper = createKeeper({ db, seats, state, times, log });
  const load = measureLoad({ redis: parts.redis, keys: seats.keys, node: newId(), tally: seats.tally });
  const ticketOf = createTickets(config.secret);
  const networkName = createNetworkNames(config.secret);

  const rooms = new Map<ShowId, RoomRow>();
  const ticks = new Map<ShowId, { tick: Tick; at: number }>();
  const told = new Map<ShowId, { said: string; at: number }>();
  let readAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  async function attempt<T>(work: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, 'a waiting room could not be asked');
      return busy();
    }
  }

  /** Kept for as long as the round reads them anew; a room that has just been made is read at once. */
  async function roomOf(show: ShowId): Promise<RoomRow | null> {
    const known = performance.now() - readAt < 2 * readEveryMs ? rooms.get(show) : undefined;
    return known ?? readRoom(db, show);
  }

  function toState(room: RoomRow, tick: Tick): RoomState {
    return {
      ...{ showId: room.show, phase: tick.phase, opensAt: new Date(room.opens).toISOString() },
      ...{ commitment: room.commitment, entrants: room.entrants, listHash: room.listHash },
      ...{ drawn: room.drawnAt !== null, waiting: tick.waiting, inside: tick.inside, admittedTo: tick.admittedTo },
      ...{ perMinute: Math.round(tick.perMinute * 10) / 10, paused: room.paused, serverTime: tick.now }
    };
  }

  /** As it stands in Redis now, changing nothing: no node waits so long between two ticks. */
  async function look(room: RoomRow): Promise<Tick | Refusal> {
    const { show, minutes } = room;
    for (let tries = 0; tries < 2; tries++) {
      const tick = await state.tick(show, 0, minutes * 60_000, times.lapseMs, Number.MAX_SAFE_INTEGER);
      if (tick) return tick;
      await keeper.restore(show);
    }
    return busy();
  }

  async function stateOf(room: RoomRow): Promise<RoomState | Refusal> {
    const known = timer && ticks.get(room.show);
    const tick = known && performance.now() - known.at < 2 * TICK_MS ? known.tick : await look(room);
    return isRefusal(tick) ? tick : toState(room, tick);
  }

  function toPlace(entered: Entered, room: RoomState): RoomPlace {
    const nothing = { ticket: null, place: null, before: null, admittedUntil: null, room };
    if (entered.is === 'IN') return { ...nothing, state: 'admitted', admittedUntil: entered.until };
    if (entered.is !== 'WAITS') return { ...nothing, state: 'out' };
    const { ticket, place, before } = entered;
    return { ...nothing, state: 'waits', ticket, place, before };
  }

  /** What changes with each look is not worth a message. */
  function tellHere(room: RoomRow, tick: Tick): void {
    const now = toState(room, tick);
    const { serverTime: _, inside: __, ...rest } = now;
    const at = performance.now();
    const said = JSON.stringify(rest);
    const before = told.get(room.show);
    if (before?.said === said && at - before.at < TOLD_ANYWAY_MS) return;
    told.set(room.show, { said, at });
    parts.tell(now);
  }

  async function readAgain(): Promise<void> {
    if (performance.now() - readAt < readEveryMs) return;
    const found = await readRooms(db);
    rooms.clear();
    for (const room of found) rooms.set(room.show, room);
    for (const show of [...ticks.keys()]) if (!rooms.has(show)) ticks.delete(show);
    readAt = performance.now();
  }

  async function round(): Promise<void> {
    await readAgain();
    if (rooms.size === 0) return;
    const worst = await load.worst();
    for (const room of rooms.values()) {
      const tick = await keeper.tick(room, worst);
      if (!tick) continue;
      const before = ticks.get(room.show)?.tick;
      ticks.set(room.show, { tick, at: performance.now() });
      // What Postgres has of it is another with the next phase.
      if (tick.phase !== before?.phase || (tick.phase !== 'open' && tick.now >= room.opens - times.closedBeforeMs))
        readAt = -Infinity;
      tellHere(room, tick);
    }
  }

  const roundOnce = () =>
    (running ??= round()
      .catch((error: unknown) => {
        if (!isUnavailable(error))
          log.warn({ err: error }, 'a round of the waiting rooms failed; the next one follows');
      })
      .finally(() => (running = undefined)));

  return {
    enter: (show, { buyer, guest, network }, comes) =>
      attempt(async () => {
        const room = await roomOf(show);
        if (!room) return notFound('waiting_room');
        const who = { buyer, guest, network: networkName(network) };
        const ask = () => state.enter(show, who, comes ? ticketOf(show, buyer) : '', room.perNetwork);
        let entered = await ask();
        if (entered.is === 'ABSENT') {
          await keeper.restore(show);
          entered = await ask();
        }
        if (entered.is === 'CROWD') {
          return refuse('CAP_REACHED', m.crowd({ count: entered.tickets }), {
            cap: room.perNetwork ?? 0,
            network: true
          });
        }
        const now = await stateOf(room);
        return isRefusal(now) ? now : toPlace(entered, now);
      }),

    leave: (show, buyer) => attempt(() => state.leave(show, buyer)),

    state: (show) =>
      attempt(async () => {
        const room = await roomOf(show);
        return room ? stateOf(room) : notFound('waiting_room');
      }),

    draw: (show) =>
      attempt(async () => {
        const room = await readRoom(db, show);
        if (!room) return notFound('waiting_room');
        const tickets = room.closedAt ? (await readEntrants(db, show)).map(({ ticket }) => ticket) : null;
        return {
          ...{ showId: show, commitment: room.commitment, tickets, entrants: room.entrants, listHash: room.listHash },
          closedAt: room.closedAt?.toISOString() ?? null,
          seed: room.drawnAt ? room.seed.toString('hex') : null,
          drawnAt: room.drawnAt?.toISOString() ?? null
        };
      }),

    async admits(show, buyer) {
      const until = await attempt(() => state.admittedUntil(show, buyer));
      // While Redis is away nobody can hold a seat anyway; the page says so better than a room would.
      return isRefusal(until) || until !== null;
    },

    async pause(by, show, paused) {
      const changed = await change(db, async (sql) => {
        const own = await readOwnShow(sql, by, show, true);
        if (isRefusal(own)) return own;
        const room = await readRoom(sql, show, true);
        if (!room) return notFound('waiting_room');
        await sql.query('update waiting_room set paused = $2 where show_id = $1', [show, paused]);
        const action = paused ? 'pause admission' : 'resume admission';
        await audit(sql, by, 'show', show, { admissionPaused: room.paused }, { admissionPaused: paused }, action);
        return { ...room, paused };
      });
      if (isRefusal(changed)) return changed;
      // A round that began before may still let people in by what it read then: whoever pauses is told when it is over.
      await running;
      rooms.set(show, changed);
      readAt = -Infinity;
      return attempt(() => stateOf(changed));
    },

    start() {
      timer ??= setInterval(() => void roundOnce(), TICK_MS).unref();
    },
    round: roundOnce,

    async close() {
      clearInterval(timer);
      timer = undefined;
      load.close();
      await running;
    }
  };
}
