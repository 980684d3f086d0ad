import { join } from 'node:path';
import { z } from 'zod';
import type { BuyerId, HoldId, ShowId } from '#domain/ids.ts';
import { saleState, type Hold, type SaleState } from '#domain/protocol.ts';
import { STATE_NAMES, type SeatCounts, type SeatIndex, type SeatStateName } from '#domain/seat-map.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { pipelined } from '../redis/pipelined.ts';
import { defineScripts, readScripts, type ScriptReply } from '../redis/scripts.ts';
import type { Candidate } from './best-available.ts';

/** Typed calls of the scripts. What a script answers is taken apart here and nowhere else. */

/** The scripts' sources by name; a test may change one and see that it is noticed. */
export const seatScripts = (): Map<string, string> => readScripts(join(import.meta.dirname, 'scripts'));
const SCRIPTS = seatScripts();
type ScriptName =
  | 'adopt'
  | 'best'
  | 'block'
  | 'book'
  | 'expire'
  | 'extend'
  | 'forget'
  | 'free'
  | 'guard'
  | 'hold'
  | 'lease'
  | 'load'
  | 'mend'
  | 'move'
  | 'offer'
  | 'open-holds'
  | 'peek'
  | 'recount'
  | 'release'
  | 'restore'
  | 'revoke'
  | 'sale'
  | 'seat'
  | 'snapshot'
  | 'takeover'
  | 'unlease';

export interface Snapshot {
  epoch: number;
  version: number;
  capacity: number;
  map: Uint8Array;
  sale: SaleState;
  counts: SeatCounts;
  /** Redis' clock, ms since 1970. */
  now: number;
}

/** A cancelled show is closed, for good. */
export type LiveSale = SaleState | 'cancelled';
const liveSale = z.enum([...saleState.options, 'cancelled']);

/** What a show's map needs to know of its show. Times are ms since 1970. */
export interface SaleTerms {
  sale: LiveSale;
  cap: number;
  opens: number;
  closes: number;
  /** Goes up with each change of a price. */
  terms: number;
  /** What a hot show asks besides, as show.lua reads it; nothing or '' when it asks for nothing. */
  fair?: string;
}

/** What Postgres says of a seat; of one that waits for its payment, also the hold that its booking was made of. */
export type SeatTruth = [seat: SeatIndex, truth: 'booked' | 'pending' | 'blocked' | 'free', hold: HoldId | ''];

/** A buyer's count of booked and leased seats, as it was seen and as it should be. */
export interface TakenCount {
  buyer: BuyerId;
  seen: number;
  right: number;
}

const holdReply = z.tuple([
  z.string(),
  z.string(),
  z.coerce.number(),
  z.coerce.number(),
  z.enum(['selecting', 'paying']),
  z.string(),
  z.string(),
  // Nothing for a hold that came back from its booking: that has its prices already.
  z.coerce.number(),
  // Where its seats are counted.
  z.string().nullish()
]);

/** A version of a show's map. */
export interface MapVersion {
  epoch: number;
  version: number;
}
function readVersion(text: string): MapVersion {
  const [epoch = 0, version = 0] = text.split('-').map(Number);
  return { epoch, version };
}

/** A hold with what only the server may know: whose it is. */
export interface OwnedHold extends Hold {
  buyer: BuyerId;
  network: string | null;
}

export type OpenHold = OwnedHold;
export interface HoldsPage {
  items: OpenHold[];
  next: string | null;
  /** Redis' clock, ms since 1970. */
  now: number;
}
export interface SeatNow {
  state: SeatStateName;
  hold: OpenHold | null;
}

/** Who asks for seats, and the hold to make for them if they have none. Times in ms. */
export interface NewHold {
  buyer: BuyerId;
  id: HoldId;
  ttlMs: number;
  limitMs: number;
  requestId: string;
  /** Where the buyer calls from, where that counts. */
  network?: string;
}
const asked = ({ buyer, id, ttlMs, limitMs, requestId, network = '' }: NewHold) =>
  [buyer, id, ttlMs, limitMs, requestId, network] as const;

export type HoldAnswer =
  /** As it is in this version of the map. */
  | { is: 'hold'; hold: OwnedHold; at: MapVersion }
  | { is: 'NONE'; at?: MapVersion }
  | { is: 'TAKEN'; seats: SeatIndex[] }
  | { is: 'CAP' | 'NETWORK'; cap: number; taken: number }
  | { is: 'COOL'; until: number; now: number; whose: 'buyer' | 'network' }
  | { is: 'ROOM' }
  | { is: 'LIMIT'; deadline: number }
  | { is: 'EARLY'; opens: number }
  | { is: 'RANGE'; seat: SeatIndex }
  | { is: 'PLAN' | 'PAUSED' | 'CLOSED' | 'CANCELLED' | 'FULL' | 'OVER' | 'FOREIGN' | 'PAYING' | 'HOLDING' }
  | { is: 'REBUILD' };

function readAnswer(show: ShowId, [status, ...rest]: ScriptReply): HoldAnswer {
  const numbers = () => rest.map(Number);
  switch (status) {
    case 'OK': {
      const [id, seats, deadline, hardLimit, phase, buyer, at, terms, network = null] = holdReply.parse(rest);
      const indexes = seats === '' ? [] : seats.split(',').map(Number);
      indexes.sort((a, b) => a - b);
      const heldAt = terms > 0 ? { terms } : {};
      return {
        is: 'hold',
        at: readVersion(at),
        hold: { id, showId: show, seats: indexes, deadline, hardLimit, phase, ...heldAt, buyer, network }
      };
    }
    case 'TAKEN':
      return { is: 'TAKEN', seats: numbers().sort((a, b) => a - b) };
    case 'CAP':
    case 'NETWORK': {
      const [cap = 0, taken = 0] = numbers();
      return { is: status, cap, taken };
    }
    case 'COOL': {
      const [until = 0, now = 0] = numbers();
      return { is: 'COOL', until, now, whose: rest[2] === 'network' ? 'network' : 'buyer' };
    }
    case 'NONE':
      return { is: 'NONE', ...(typeof rest[0] === 'string' ? { at: readVersion(rest[0]) } : {}) };
    case 'LIMIT':
      return { is: 'LIMIT', deadline: Number(rest[0]) };
    case 'EARLY':
      return { is: 'EARLY', opens: Number(rest[0]) };
    case 'RANGE':
      return { is: 'RANGE', seat: Number(rest[0]) };
    case 'ROOM':
    case 'PLAN':
    case 'PAUSED':
    case 'CLOSED':
    case 'CANCELLED':
    case 'FULL':
    case 'OVER':
    case 'FOREIGN':
    case 'PAYING':
    case 'HOLDING':
    case 'REBUILD':
      return { is: status };
    default:
      throw new Error(`a seat script answered ${status}`);
  }
}

export const openOrNot = (sale: LiveSale): SaleState => (sale === 'cancelled' ? 'closed' : sale);

/** The map is not there (wiped, or never made): nothing was read or changed. */
export class NeedsRebuild extends Error {
  constructor() {
    super('the show has no seat map in Redis');
  }
}

/** For what can wait until the map is made anew by whoever asks next. */
export function unlessMissing(error: unknown): void {
  if (!(error instanceof NeedsRebuild)) throw error;
}

const ready = (reply: ScriptReply): readonly unknown[] => {
  if (reply[0] === 'REBUILD') throw new NeedsRebuild();
  return reply.slice(1);
};

export type SeatState = ReturnType<typeof createSeatState>;

/** These write nothing to the log. */
const READ_ONLY: ReadonlySet<ScriptName> = new Set(['peek', 'seat', 'snapshot', 'open-holds', 'sale']);
/** A log whose map is gone waits this long to be kept. */
const LOG_WAITS_MS = 86_400_000;

/** `changed` hears of every show whose log may have grown, when the script has run. */
export function createSeatState(
  redis: RedisClient,
  keys: Keys,
  sources = SCRIPTS,
  changed: (show: ShowId) => void = () => undefined
) {
  const scripts = defineScripts<ScriptName>(redis, sources);
  const run = (show: ShowId, name: ScriptName, ...args: (string | number)[]) => {
    const reply = scripts.run(name, keys.show(show).script, args);
    return READ_ONLY.has(name) ? reply : reply.finally(() => changed(show));
  };
  const ask = async (show: ShowId, name: ScriptName, ...args: (string | number)[]) =>
    readAnswer(show, await run(show, name, ...args));

  return {
    /** `plan` is the one that the indexes are of, when the caller can say. */
    hold: (show: ShowId, asking: NewHold, seats: readonly SeatIndex[], plan = '') =>
      ask(show, 'hold', ...asked(asking), plan, ...seats),
    /** The blocks have `count` seats each and come the best first; at most 200 seats in all. */
    best: (show: ShowId, asking: NewHold, count: number, blocks: readonly Candidate[], mayLeaveLone: boolean) =>
      ask(
        ...[show, 'best' as const, ...asked(asking), count, mayLeaveLone ? 1 : 0],
        ...blocks.flatMap(({ seats, beside }) => [...seats, ...beside.map((seat) => seat ?? '')])
      ),

    /** The blocks have `count` seats each and come the best first; at most 200 seats in all. */
    offer: (show: ShowId, asking: NewHold, count: number, blocks: readonly SeatIndex[][]) =>
      ask(show, 'offer', ...asked(asking), count, ...blocks.flat()),
    /** Sets freed seats aside for so long (ms), puts `passed` on sale again; answers what is set aside now. */
    async guard(show: ShowId, forMs: number, passed: readonly SeatIndex[] = []): Promise<SeatIndex[]> {
      const aside = String(ready(await run(show, 'guard', forMs, ...passed))[0]);
      return aside === '' ? [] : aside.split(',').map(Number);
    },
    /** `buyer` '' lets Fullhouse end any hold, a leased one too; `hold` '' means the buyer's open one. */
    release: (show: ShowId, buyer: BuyerId | '', hold: HoldId | '', seats: readonly SeatIndex[]) =>
      ask(show, 'release', buyer, hold, ...seats),
    extend: (show: ShowId, buyer: BuyerId, ttlMs: number) => ask(show, 'extend', buyer, ttlMs),
    lease: (show: ShowId, hold: HoldId, buyer: BuyerId, leaseMs: number) => ask(show, 'lease', hold, buyer, leaseMs),
    /** A lease of these seats for the buyer, whatever the sale and their cap say. */
    move: (show: ShowId, lease: Omit<NewHold, 'limitMs' | 'requestId'>, plan: string, seats: readonly SeatIndex[]) =>
      ask(show, 'move', lease.id, lease.buyer, lease.ttlMs, plan, ...seats),
    unlease: (show: ShowId, hold: HoldId, buyer: BuyerId, ttlMs: number) => ask(show, 'unlease', hold, buyer, ttlMs),
    adopt: (show: ShowId, guest: BuyerId, buyer: BuyerId) => ask(show, 'adopt', guest, buyer),
    peek: (show: ShowId, buyer: BuyerId, hold: HoldId | '') => ask(show, 'peek', buyer, hold),

    holds: (show: ShowId): Promise<HoldId[]> => redis.zrange(keys.show(show).due, '0', '-1'),
    /** Those of these holds that have a deadline still. */
    async standing(show: ShowId, holds: readonly HoldId[]): Promise<Set<HoldId>> {
      if (holds.length === 0) return new Set();
      const deadlines = await redis.zmscore(keys.show(show).due, ...holds);
      return new Set(holds.filter((_, n) => deadlines[n] !== null));
    },
    /** Ends an open hold; PAYING leaves a lease alone, NONE says that it was over. */
    revoke: async (show: ShowId, hold: HoldId) => {
      const reply = await run(show, 'revoke', hold);
      ready(reply);
      return z.enum(['OK', 'NONE', 'PAYING']).parse(reply[0]);
    },
    /** `cursor`: the deadline to go on from (ms), and how many holds of that very deadline have been seen. */
    async openHolds(show: ShowId, limit: number, cursor = ''): Promise<HoldsPage> {
      const [, from = 0, seen = ''] = /^(\d{1,15})\.([0-9a-z]{12}\.[0-9a-z]{12})$/.exec(cursor) ?? [];
      const [now, next, ...rows] = ready(await run(show, 'open-holds', from, seen, limit));
      const items = rows.flatMap((row) => {
        const answer = readAnswer(show, ['OK', ...z.array(z.unknown()).parse(row)]);
        return answer.is === 'hold' ? [answer.hold] : [];
      });
      return { items, next: next === '' ? null : String(next), now: Number(now) };
    },
    async seatNow(show: ShowId, seat: SeatIndex): Promise<SeatNow> {
      const [state, ...rest] = ready(await run(show, 'seat', seat));
      const answer = rest.length > 0 ? readAnswer(show, ['OK', ...rest]) : null;
      return { state: STATE_NAMES[Number(state)] ?? 'available', hold: answer?.is === 'hold' ? answer.hold : null };
    },

    /** Answers the seats that are neither the hold's nor booked already. */
    book: async (show: ShowId, hold: HoldId, seats: readonly SeatIndex[]) =>
      ready(await run(show, 'book', hold, ...seats)).map(Number),
    free: async (show: ShowId, buyer: BuyerId | '', seats: readonly SeatIndex[]) =>
      Number(ready(await run(show, 'free', buyer, ...seats))[0]),
    /** Answers the seats that were changed. */
    block: async (show: ShowId, blocked: boolean, seats: readonly SeatIndex[]) =>
      ready(await run(show, 'block', blocked ? 3 : 0, ...seats)).map(Number),
    mend: async (show: ShowId, truths: readonly SeatTruth[]) =>
      Number(ready(await run(show, 'mend', ...truths.flat()))[0]),
    /** Answers how many of these holds had lost a part. */
    restore: async (show: ShowId, holds: readonly HoldId[]) => Number(ready(await run(show, 'restore', ...holds))[0]),
    /** Answers how many sums were changed: those that had moved on meanwhile are left alone. */
    recount: async (
      show: ShowId,
      { version, booked, blocked }: { version: number; booked: number; blocked: number },
      taken: readonly TakenCount[]
    ) => {
      const counts = taken.flatMap(({ buyer, seen, right }) => [buyer, seen, right]);
      return Number(ready(await run(show, 'recount', version, booked, blocked, ...counts))[0]);
    },
    sale: async (show: ShowId, terms: SaleTerms) => {
      await run(show, 'sale', terms.sale, terms.cap, terms.opens, terms.closes, terms.terms, terms.fair ?? '');
    },
    load: async (
      show: ShowId,
      map: { epoch: number; capacity: number; booked: number; blocked: number; token: string; plan?: string },
      terms: SaleTerms
    ) => {
      const { epoch, capacity, booked, blocked, token, plan = '' } = map;
      const { sale, cap, opens, closes } = terms;
      const args = [
        epoch,
        capacity,
        sale,
        cap,
        opens,
        closes,
        booked,
        blocked,
        token,
        plan,
        terms.terms,
        terms.fair ?? ''
      ];
      return (await run(show, 'load', ...args))[0] === 'OK';
    },

    /**
     * Whether the map's server is another than the one that made it, or `foreign` its epoch; with `epoch` (one that was never
     * used) the map goes on under that.
     */
    takeover: async (show: ShowId, epoch: number | '', foreign: number | '' = '') => {
      const reply = await run(show, 'takeover', epoch, foreign);
      ready(reply);
      return z.enum(['SAME', 'OTHER', 'OK']).parse(reply[0]);
    },

    /** The map counts no more, and is made anew from Postgres by whoever asks next. */
    async distrust(show: ShowId): Promise<void> {
      await redis.del(keys.show(show).meta);
    },

    /** Takes the map away, and with it the holds; the log stays until it is kept. */
    async forget(show: ShowId): Promise<void> {
      await redis.srem(keys.shows, show);
      await run(show, 'forget', LOG_WAITS_MS);
    },

    async snapshot(show: ShowId): Promise<Snapshot> {
      const [epoch, version, capacity, sale, held, booked, blocked, map, now] = ready(await run(show, 'snapshot'));
      if (!Buffer.isBuffer(map)) throw new Error('a snapshot without a map');
      const size = Number(capacity);
      const counts = { held: Number(held), booked: Number(booked), blocked: Number(blocked) };
      return {
        epoch: Number(epoch),
        version: Number(version),
        capacity: size,
        map: new Uint8Array(map),
        sale: openOrNot(liveSale.parse(String(sale))),
        counts: { ...counts, available: size - counts.held - counts.booked - counts.blocked },
        now: Number(now)
      };
    },

    async saleOf(show: ShowId): Promise<LiveSale> {
      const [ready, sale] = await redis.hmget(keys.show(show).meta, 'ready', 'sale');
      if (!ready) throw new NeedsRebuild();
      return liveSale.parse(sale);
    },

    /** One sweep of many shows in one round trip. A show without a map answers null. */
    async expire(shows: readonly ShowId[], holdsAtMost: number) {
      const answers = await pipelined(redis, shows, (pipeline, show) =>
        scripts.queue(pipeline, 'expire', keys.show(show).script, [holdsAtMost])
      );
      return answers.map((answer, n) => {
        const [status, ended, waitMs, lateMs] = Array.isArray(answer) ? (answer as unknown[]) : [];
        if (status !== 'OK') return null;
        const show = shows[n];
        if (Number(ended) > 0 && show !== undefined) changed(show);
        return { ended: Number(ended), waitMs: Number(waitMs), lateMs: Number(lateMs) };
      });
    },

    /** Sums of many shows in one round trip; shows without a map are left out. */
    async counts(shows: readonly ShowId[]): Promise<Map<ShowId, SeatCounts>> {
      const answers = await pipelined(redis, shows, (pipeline, show) => {
        const { meta, owner } = keys.show(show);
        pipeline.hmget(meta, 'ready', 'capacity', 'booked', 'blocked');
        pipeline.hlen(owner);
      });
      const found = new Map<ShowId, SeatCounts>();
      shows.forEach((show, n) => {
        const [head, heldCount] = answers.slice(2 * n, 2 * n + 2);
        const [mapReady, capacity, booked, blocked] = Array.isArray(head) ? (head as unknown[]) : [];
        if (mapReady === null || mapReady === undefined) return;
        const counts = { held: Number(heldCount), booked: Number(booked), blocked: Number(blocked) };
        const available = Number(capacity) - counts.held - counts.booked - counts.blocked;
        found.set(show, { available, ...counts });
      });
      return found;
    }
  };
}
