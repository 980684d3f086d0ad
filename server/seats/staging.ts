import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';

/**
 * The parts of a rebuilt map, laid beside the old one under names of their own; load.lua puts them in place in one step.
 * A show may have tens of thousands of buyers: they are written in portions, so that other work of the node comes in
 * between. In one pipeline, 30,000 of them kept the event loop for 110 to 300 ms (measured).
 */
const ENTRIES_PER_WRITE = 500;

/** A pending booking's seats, held until its time to pay is over. */
export interface Lease {
  hold: HoldId;
  user: UserId;
  /** ms since 1970 */
  deadline: number;
  seats: SeatIndex[];
}

export interface RebuiltMap {
  epoch: number;
  map: Uint8Array;
  leases: ReadonlyMap<HoldId, Lease>;
  /** Seats that each user has booked or is paying for. */
  taken: ReadonlyMap<UserId, number>;
}

/** Writes the parts under `token`. What nobody puts in place is gone after `keepMs`. */
export async function stageMap(
  redis: RedisClient,
  keys: Keys,
  show: ShowId,
  token: string,
  made: RebuiltMap,
  keepMs: number
): Promise<void> {
  const named = (part: 'map' | 'owner' | 'due' | 'taken') => keys.rebuilt(show, token, part);
  await redis.set(named('map'), Buffer.from(made.map), 'PX', keepMs);
  for (const leases of portions(made.leases.values())) {
    const pipeline = redis.pipeline();
    for (const lease of leases) {
      pipeline.hset(named('owner'), ...lease.seats.flatMap((seat) => [seat, lease.hold]));
      pipeline.zadd(named('due'), lease.deadline, lease.hold);
      pipeline.hset(keys.hold(show, lease.hold), {
        ...{ buyer: `u_${lease.user}`, seats: lease.seats.join(','), requests: '\n', phase: 'paying' },
        ...{ deadline: lease.deadline, limit: lease.deadline, epoch: made.epoch }
      });
    }
    for (const part of ['owner', 'due'] as const) pipeline.pexpire(named(part), keepMs);
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }
  for (const counts of portions(made.taken)) {
    await redis.hset(named('taken'), ...counts.flatMap(([user, count]) => [`u_${user}`, count]));
    await redis.pexpire(named('taken'), keepMs);
  }
}

function* portions<T>(entries: Iterable<T>): Generator<T[]> {
  let portion: T[] = [];
  for (const entry of entries) {
    portion.push(entry);
    if (portion.length < ENTRIES_PER_WRITE) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
