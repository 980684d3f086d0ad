import type { WriteStream } from 'node:fs';
import { LiveMap } from '#domain/live-map.ts';
import type { AckLine } from '../../audit/acks.ts';
import { createFrameTimes, type FrameTimes } from './frames.ts';
import { createHttp, type Http } from './http.ts';
import { Tally } from './tally.ts';

/** What the buyers of one process share. */
export interface World {
  url: string;
  show: string;
  capacity: number;
  rows: readonly { first: number; count: number }[];
  bookShare: number;
  tally: Tally;
  http: Http;
  frames: FrameTimes;
  /** What one pair of eyes sees for all: a map a buyer would cost the machine more than the service does. */
  map: LiveMap;
  accounts: Accounts;
  /** For those who come back as somebody else. */
  spareTokens: string[];
  acknowledged(line: AckLine): void;
  /** ms on this process' clock at which the plan begins. */
  startsAt: number;
  endsAt: number;
}

/** An account is one buyer's while they check out: only one hold can become its booking at a time. */
export interface Account {
  token: string;
  seats: number;
}

export interface Accounts {
  /** One that has room for so many seats more; null when none is free. */
  borrow(seats: number): Account | null;
  /** `worn`: it was refused something, and is not lent again. */
  giveBack(account: Account, worn: boolean): void;
}

export function createAccounts(tokens: readonly string[], cap: number): Accounts {
  const free: Account[] = tokens.map((token) => ({ token, seats: 0 }));
  return {
    borrow(seats) {
      const at = free.findIndex((account) => account.seats + seats <= cap);
      return at < 0 ? null : (free.splice(at, 1)[0] ?? null);
    },
    giveBack(account, worn) {
      if (!worn) free.push(account);
    }
  };
}

export interface WorldOptions {
  url: string;
  show: string;
  capacity: number;
  rows: readonly { first: number; count: number }[];
  seatsPerBuyer: number;
  accountTokens: readonly string[];
  spareTokens: readonly string[];
  bookShare: number;
}

export function createWorld(options: WorldOptions, acks: Pick<WriteStream, 'write'>): World {
  const tally = new Tally();
  const { url, show, capacity, rows, bookShare } = options;
  return {
    ...{ url, show, capacity, rows, bookShare, tally },
    http: createHttp(url, tally),
    frames: createFrameTimes(),
    map: new LiveMap(),
    accounts: createAccounts(options.accountTokens, options.seatsPerBuyer),
    spareTokens: [...options.spareTokens],
    acknowledged: (line) => void acks.write(`${JSON.stringify(line)}\n`),
    ...{ startsAt: Infinity, endsAt: Infinity }
  };
}
