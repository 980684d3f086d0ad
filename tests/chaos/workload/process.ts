import { createHash } from 'node:crypto';
import { createBuyerTokens } from '../../../server/accounts/buyer-token.ts';
import { answerParent } from '../../../server/child.ts';
import { wallClock } from '../../../server/rehearsal/buyers/frames.ts';
import { seeded } from '../../../server/rehearsal/buyers/random.ts';
import type { Op } from '../history.ts';
import { shopOn, type Shop } from './buyer.ts';
import { raceAtDeadline, rush, type Rush, type Rushed } from './crowd.ts';
import type { Line } from './line.ts';

/** The simulated buyers, in a process of their own. */
export interface Opening {
  url: string;
  show: string;
  price: number;
  capacity: number;
  rows: readonly { first: number; count: number }[];
  secret: string;
  seed: string;
  buyers: number;
  thinkMs: number;
  bookShare: number;
  cap: number;
  customers: { user: string; token: string }[];
}

/** The map of one client as it was at `at`. */
export interface Seen {
  client: number;
  at: number;
  epoch: number;
  version: number;
  /** Connected and with a map since then. */
  since: number;
}

let history: Op[] = [];
let shop: Shop | undefined;
let over = false;
let playing: Promise<unknown> = Promise.resolve();
const lines = new Set<Line>();
const numbers = new WeakMap<Line, number>();
let clients = 0;

const numberOf = (line: Line): number => {
  const known = numbers.get(line) ?? ++clients;
  numbers.set(line, known);
  return known;
};
const theShop = (): Shop => {
  if (!shop) throw new Error('start comes first');
  return shop;
};

const api = {
  start({ seed, secret, buyers, customers, ...rest }: Opening): void {
    shop = {
      ...rest,
      ...{ tokens: createBuyerTokens(secret), customers, over: () => over, record: (op) => void history.push(op) }
    };
    const open = shop;
    playing = Promise.all(Array.from({ length: buyers }, (_, n) => shopOn(open, seeded(`${seed}/buyer ${n}`), lines)));
  },

  /** What has happened since it was last asked, and what every client sees now. */
  take(): { ops: Op[]; seen: Seen[] } {
    const ops = history;
    history = [];
    const at = wallClock();
    const seen = [...lines].flatMap((line) => {
      const { epoch, version } = line.map;
      const since = line.watchingSince;
      return since === null ? [] : [{ client: numberOf(line), at, epoch, version, since }];
    });
    return { ops, seen };
  },

  rush: (wanted: Rush): Promise<Rushed> => rush(theShop(), wanted),
  race: ({ seats }: { seats: number[] }): Promise<void> => raceAtDeadline(theShop(), seats),

  /** No more clicks; resolves when every checkout has come to its end. Connections stay. */
  async finish(): Promise<void> {
    over = true;
    await playing;
  },

  /** Every client's map as it is now, by what it shows. */
  maps(): { client: number; epoch: number; version: number; hash: string }[] {
    theShop();
    return [...lines]
      .filter((line) => line.watchingSince !== null)
      .map((line) => ({
        ...{ client: numberOf(line), epoch: line.map.epoch, version: line.map.version },
        hash: createHash('sha256').update(line.map.map).digest('hex')
      }));
  }
};
export type WorkloadApi = typeof api;
answerParent(api, () => {
  for (const line of lines) line.close();
});
