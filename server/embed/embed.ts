import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import type { Seats } from '../seats/seats.ts';
import { createHandOver, type HandOver } from './hand-over.ts';
import { createSites, type Sites } from './sites.ts';

/** Seat maps that stand on other sites. */
export interface Embed {
  readonly sites: Sites;
  readonly handOver: HandOver;
}

export const createEmbed = (parts: {
  db: Database;
  config: Pick<Config, 'mode'>;
  redis: RedisClient;
  keys: Keys;
  seats: Seats;
}): Embed => ({ sites: createSites(parts), handOver: createHandOver(parts) });
