import type { HoldId, ShowId, UserId } from '#domain/ids.ts';
import type { SeatIndex } from '#domain/seat-map.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys, RebuiltPart } from '../redis/keys.ts';

/**
 * The parts of a rebuilt map, laid beside the old one under names of their own; load.lua puts them in place in one step.
 * A show may have tens of thousands of buyers: they are written in portions, so that other work of the node comes in
 * between. In one pipeline, 30,000 of them kept the event loop for 110 to 300 ms (measured).
 */
const ENTRIES_PER_WRITE = 500;
/** As in show.lua. */
const NETWORKS_KEPT_S = 15_552_000;

/** A pending booking's seats, held until its time to pay is over. */
export interface Lease {
  hold: HoldId;
  user: UserId;
  network: string | null;
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
  /** Of seats whose networks are counted. */
  networks: ReadonlyMap<SeatIndex, string>;
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
  const named = (part: RebuiltPart) => keys.rebuilt(show, token, part);
  await redis.set(named('map'), Buffer.from(made.map), 'PX', keepMs);
  for (const leases of portions(made.leases.values())) {
    const pipeline = redis.pipeline();
    for (const lease of leases) {
      pipeline.hset(named('owner'), ...lease.seats.flatMap((seat) => [seat, lease.hold]));
      pipeline.zadd(named('due'), lease.deadline, lease.hold);
      pipeline.hset(keys.hold(show, lease.hold), {
        ...{ buyer: `u_${lease.user}`, seats: lease.seats.join(','), requests: '\n', phase: 'paying' },
        ...{ deadline: lease.deadline, limit: lease.deadline, epoch: made.epoch },
        ...(lease.network === null ? {} : { network: lease.network })
      });
    }
    for (const part of ['owner', 'due'] as const) pipeline.pexpire(named(part), keepMs);
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
  }
  for (const counts of portions(made.taken)) {
    await redis.hset(named('taken'), ...counts.flatMap(([user, count]) => [`u_${user}`, count]));
    await redis.pexpire(named('taken'), keepMs);
  }
  await stageNetworks(redis, keys, show, named('networks'), made, keepMs);
}

/** Where booked seats count; what is being paid for is in its lease, and counts as well. */
async function stageNetworks(
  redis: RedisClient,
  keys: Keys,
  show: ShowId,
  key: string,
  { networks, leases, epoch }: RebuiltMap,
  keepMs: number
): Promise<void> {
  const counts = new Map<string, number>();
  const count = (network: string, seats: number) => counts.set(network, (counts.get(network) ?? 0) + seats);
  for (const network of networks.values()) count(network, 1);
  for (const { network, seats } of leases.values()) if (network !== null) count(network, seats.length);
  for (const seats of portions(networks)) {
    await redis.hset(key, ...seats.flat());
    await redis.pexpire(key, keepMs);
  }
  for (const some of portions(counts)) {
    const pipeline = redis.pipeline();
    for (const [network, seats] of some) pipeline.set(keys.network(show, epoch, network), seats, 'EX', NETWORKS_KEPT_S);
    for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
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
