import { PERSONAS, shareOut, shuffle, type Mix, type Persona } from './mix.ts';
import { seeded } from './random.ts';

/** ramp: they come one after the other during the first third. stampede: all are there, and click at the same moment. */
export type Arrival = 'ramp' | 'stampede';

/** One buyer: when they come, and when they mean to click. Times are ms after the start. */
export interface ClientPlan {
  n: number;
  persona: Persona;
  /** Of the choices this buyer makes. */
  seed: string;
  arrives: number;
  /** Ascending. A click that cannot be made in time is made late, and its latency counts from here. */
  clicks: number[];
  /** What they say in x-forwarded-for, where bots come too: people from a network each, the bots all from one. */
  address: string | null;
}

export const BOT_ADDRESS = '45.80.0.1';
const addressOf = (persona: Persona, n: number) =>
  persona === 'bot' ? BOT_ADDRESS : `8.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

export interface PlanOptions {
  buyers: number;
  durationMs: number;
  arrival: Arrival;
  mix: Mix;
  seed: string;
  /** Between two clicks of a buyer, on average (ms). */
  thinkMs: number;
}

const RAMP_SHARE = 1 / 3;

/** Everything that does not depend on what the service answers. The same options give the same plan. */
export function planClients({ buyers, durationMs, arrival, mix, seed, thinkMs }: PlanOptions): ClientPlan[] {
  const random = seeded(seed);
  const shares = shareOut(mix, buyers);
  const personas = (Object.keys(PERSONAS) as Persona[]).flatMap((name) => Array<Persona>(shares[name]).fill(name));
  return shuffle(personas, random).map((persona, n) => {
    const own = seeded(`${seed}/${n}`);
    const arrives = arrival === 'stampede' ? 0 : (n / buyers) * durationMs * RAMP_SHARE;
    const clicks: number[] = [];
    let at = arrival === 'stampede' ? 0 : arrives + own() * thinkMs;
    for (; persona !== 'watcher' && at < durationMs; at += thinkMs * (0.5 + own())) clicks.push(Math.round(at));
    return {
      n,
      persona,
      seed: `${seed}/${n}/choices`,
      arrives: Math.round(arrives),
      clicks,
      address: mix.bot > 0 ? addressOf(persona, n) : null
    };
  });
}
