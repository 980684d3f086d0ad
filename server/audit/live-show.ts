import type { HoldId, ShowId } from '#domain/ids.ts';
import { sizedMap, type SeatIndex } from '#domain/seat-map.ts';
import { parseEntry, type LogEntry } from '../seats/fold.ts';
import type { Sources } from './check.ts';

/** A show as Redis has it, read in one step but for the holds' own keys. */
export interface LiveShow {
  id: ShowId;
  epoch: number;
  version: number;
  capacity: number;
  cap: number;
  plan: string;
  /** What the head says of the map. */
  counted: { booked: number; blocked: number };
  map: Uint8Array;
  /** Bits of the map behind its last seat. */
  beyond: boolean;
  owners: ReadonlyMap<SeatIndex, HoldId>;
  /** ms since 1970 */
  deadlines: ReadonlyMap<HoldId, number>;
  /** Seats that a buyer has booked or is paying for. */
  taken: ReadonlyMap<string, number>;
  log: readonly LogEntry[];
  holds: ReadonlyMap<HoldId, LiveHold>;
  /** Redis' clock, ms since 1970. */
  now: number;
}

export interface LiveHold {
  buyer: string;
  /** Its buyer's key names a hold. */
  found: boolean;
  seats: readonly SeatIndex[];
  phase: string;
  epoch: number;
}

const HOLDS_PER_READ = 500;
/** More than the scripts ever keep. */
const LOG_AT_MOST = 1_000_000;
const HEAD = ['epoch', 'version', 'capacity', 'sale', 'cap', 'opens', 'closes', 'booked', 'blocked', 'plan', 'terms'];

/** A map that stands and has lost a part without which it means nothing. */
export class BrokenMap extends Error {
  constructor(fields: readonly string[]) {
    super(fields.length > 0 ? `the head has no ${fields.join(', ')}` : 'the map is gone');
  }
}

/** Null where no map stands: then nothing can be held, and nothing can be wrong. Throws BrokenMap. */
export async function readLiveShow(
  { redis, keys }: Sources,
  id: ShowId,
  { withLog }: { withLog: boolean }
): Promise<LiveShow | null> {
  const { meta, map, owner, due, log, script } = keys.show(id);
  const taken = script[5];
  const answers = await redis
    .multi()
    .hgetall(meta)
    .getBuffer(map)
    .hgetall(owner)
    .zrange(due, 0, '-1', 'WITHSCORES')
    .hgetall(taken)
    .xrange(log, withLog ? '-' : '+', '+', 'COUNT', withLog ? LOG_AT_MOST : 1)
    .exec();
  if (!answers) throw new Error('Redis gave up a transaction that watches nothing');
  const values = answers.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const head = recordOf(values[0]);
  if (head['ready'] === undefined) return null;
  const missing = HEAD.filter((field) => head[field] === undefined || head[field] === '');
  if (missing.length > 0 || (values[1] ?? null) === null) throw new BrokenMap(missing);
  const capacity = Number(head['capacity']);
  const bytes = Buffer.isBuffer(values[1]) ? values[1] : Buffer.alloc(0);
  const deadlines = scoresOf(values[3]);
  const clock = await timeOf(redis);
  return {
    ...{ id, capacity, epoch: Number(head['epoch']), version: Number(head['version']), cap: Number(head['cap']) },
    plan: head['plan'] ?? '',
    counted: { booked: Number(head['booked']), blocked: Number(head['blocked']) },
    map: sizedMap(bytes, capacity),
    beyond: beyondTheEnd(bytes, capacity),
    owners: new Map(Object.entries(recordOf(values[2])).map(([seat, hold]) => [Number(seat), hold])),
    deadlines,
    taken: new Map(Object.entries(recordOf(values[4])).map(([buyer, count]) => [buyer, Number(count)])),
    // What is left of the epoch before is the keeper's business.
    log: (withLog ? (values[5] as [string, string[]][]) : [])
      .map(parseEntry)
      .filter(({ epoch }) => epoch === Number(head['epoch'])),
    holds: await readHolds({ redis, keys }, id, [...deadlines.keys()]),
    now: clock
  };
}

async function timeOf(redis: Sources['redis']): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

async function readHolds({ redis, keys }: Pick<Sources, 'redis' | 'keys'>, show: ShowId, ids: readonly HoldId[]) {
  const holds = new Map<HoldId, LiveHold>();
  for (let at = 0; at < ids.length; at += HOLDS_PER_READ) {
    const some = ids.slice(at, at + HOLDS_PER_READ);
    const pipeline = redis.pipeline();
    for (const id of some) pipeline.hgetall(keys.hold(show, id));
    const answers = (await pipeline.exec()) ?? [];
    some.forEach((id, n) => {
      const fields = recordOf(answers[n]?.[1]);
      if (fields['buyer'] === undefined) return;
      const seats = (fields['seats'] ?? '').split(',').filter(Boolean).map(Number);
      const { buyer, phase = '' } = fields;
      holds.set(id, { buyer, phase, seats, epoch: Number(fields['epoch']), found: true });
    });
    const open = some.flatMap((id) => {
      const hold = holds.get(id);
      return hold && hold.phase === 'selecting' ? [hold] : [];
    });
    const lookUp = redis.pipeline();
    for (const { buyer } of open) lookUp.exists(keys.buyer(show, buyer));
    const known = (await lookUp.exec()) ?? [];
    open.forEach((hold, n) => (hold.found = known[n]?.[1] !== 0));
  }
  return holds;
}

/** What HGETALL answers, under RESP2 or RESP3. */
const recordOf = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};

/** Member, score, member, score, … or, under RESP3, pairs of them. */
function scoresOf(value: unknown): Map<HoldId, number> {
  const flat = (Array.isArray(value) ? value : []).flat() as (string | number)[];
  const scores = new Map<HoldId, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) scores.set(String(flat[i]), Number(flat[i + 1]));
  return scores;
}

function beyondTheEnd(bytes: Buffer, capacity: number): boolean {
  const whole = Math.ceil(capacity / 4);
  if (bytes.subarray(whole).some((byte) => byte !== 0)) return true;
  const inLast = capacity % 4;
  return inLast > 0 && ((bytes[whole - 1] ?? 0) & (0xff >> (2 * inLast))) !== 0;
}
