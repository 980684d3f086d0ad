import { Cluster, type ChainableCommander } from 'ioredis';
import type { RedisClient } from './connections.ts';

/**
 * Asks the same of many shows in one round trip; in a Cluster in one each, at once, because a pipeline stays on one
 * node. Answers come in the order in which they were queued; the first error is thrown.
 */
export async function pipelined<Item>(
  redis: RedisClient,
  items: readonly Item[],
  queue: (pipeline: ChainableCommander, item: Item) => void
): Promise<unknown[]> {
  const ask = async (some: readonly Item[]) => {
    const pipeline = redis.pipeline();
    for (const item of some) queue(pipeline, item);
    return ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
  };
  if (!(redis instanceof Cluster)) return ask(items);
  return (await Promise.all(items.map((item) => ask([item])))).flat();
}
