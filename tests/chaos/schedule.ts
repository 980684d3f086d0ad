import { seeded } from '../../server/rehearsal/buyers/random.ts';
import { shuffle } from '../../server/rehearsal/buyers/mix.ts';
import type { Fault } from './faults/fault.ts';

/** One or two faults at the same time, then a while in which the service gets well. */
export interface Round {
  n: number;
  faults: readonly Fault[];
  /** The second one begins so much later (ms). */
  apartMs: number;
  lastsMs: number;
  /** From the end of the faults to the next look at everything. */
  restMs: number;
  /** Of the choices that the faults make. */
  seed: string;
}

export type Form = 'long' | 'short';

const REST_MS = { long: 6000, short: 1500 };
/** Of the rounds that can have two faults, how many do. */
const PAIRS = 0.5;
const APART_AT_MOST_MS = 2000;

/**
 * Fills `forMs` with rounds: every fault once, in an order of the seed's, then again. The same seed and faults give the
 * same schedule, whatever the service does. The short form has each fault once, alone and in its given order.
 */
export function planRounds(faults: readonly Fault[], seed: string, forMs: number, form: Form): Round[] {
  const random = seeded(`${seed}/schedule`);
  const rounds: Round[] = [];
  const make = (some: readonly Fault[]): Round => {
    const n = rounds.length + 1;
    return {
      ...{ n, faults: some, apartMs: some.length > 1 ? Math.round(random() * APART_AT_MOST_MS) : 0 },
      lastsMs: Math.max(...some.map(({ lastsMs }) => lastsMs[form])),
      ...{ restMs: REST_MS[form], seed: `${seed}/round ${n}` }
    };
  };
  if (form === 'short') {
    for (const fault of faults) rounds.push(make([fault]));
    return rounds;
  }
  let left: Fault[] = [];
  for (let at = 0; at < forMs && faults.length > 0;) {
    if (left.length === 0) left = shuffle([...faults], random);
    const first = left.shift();
    if (!first) break;
    const other = first.alone || random() >= PAIRS ? -1 : left.findIndex(({ alone }) => !alone);
    const second = other < 0 ? [] : left.splice(other, 1);
    const round = make([first, ...second]);
    rounds.push(round);
    at += round.apartMs + round.lastsMs + round.restMs;
  }
  return rounds;
}
