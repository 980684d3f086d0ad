import type { Redis } from 'ioredis';
import type { Sql } from '../db/database.ts';
import type { Keys } from '../redis/keys.ts';
import type { RedisClient } from '../redis/connections.ts';

/** One thing that is not as it must be. */
export interface Finding {
  /** Names the same trouble at every look. */
  key: string;
  /** The rows that prove it. */
  evidence: Record<string, unknown>;
}

export interface Sources {
  sql: Sql;
  redis: RedisClient | Redis;
  keys: Keys;
}

/** The invariants of a sale; README, "The audit", says each in a sentence. */
export type Invariant =
  'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'L1' | 'L3' | 'L6';

export interface CheckName {
  invariant: Invariant;
  name: string;
  /** What holds when nothing is found. */
  says: string;
}

/** Some things are looked at together, because they are read together. */
export interface Look {
  names: readonly CheckName[];
  /** The findings by the name of their check. */
  look(sources: Sources): Promise<ReadonlyMap<string, readonly Finding[]>>;
}

/** What follows a commit (Redis, the gateway's message, mails) is given this long before its absence is a finding. */
export const SETTLING_SECONDS = 60;

/** Evidence is for people to read: of more than this, the first ones. */
export const FINDINGS_AT_MOST = 100;

/** Findings by check, collected. */
export function collector(names: readonly CheckName[]) {
  const found = new Map<string, Finding[]>(names.map(({ name }) => [name, []]));
  return {
    found,
    add(name: string, key: string, evidence: Record<string, unknown>) {
      const list = found.get(name);
      if (!list) throw new Error(`there is no check named ${name}`);
      if (list.length < FINDINGS_AT_MOST) list.push({ key, evidence });
    }
  };
}
