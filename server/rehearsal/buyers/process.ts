import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { LiveMap } from '#domain/live-map.ts';
import { countStates } from '#domain/seat-map.ts';
import { answerParent } from '../../child.ts';
import { connect, type Line } from './line.ts';
import { play } from './personas.ts';
import type { ClientPlan } from './plan.ts';
import type { Sample } from './tally.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** One process of the simulator: its share of the buyers. */
export interface Opening extends WorldOptions {
  plans: readonly ClientPlan[];
  buyerTokens: readonly string[];
  /** Where what was acknowledged is written down. */
  acksFile: string;
  /** Everybody is connected before the clock starts. */
  early: boolean;
}

interface Run extends Opening {
  world: World;
  acks: WriteStream;
  /** The maps of the watchers, and the one that all choose by. */
  maps: Map<number, LiveMap>;
  eyes: Line | null;
  /** Connections that were opened before the clock starts, by buyer. */
  opened: Map<number, Line | null>;
}

const CONNECTING_AT_ONCE = 25;
let run: Run | undefined;
let playing: Promise<(Line | null)[]> | undefined;
const theRun = (): Run => {
  if (!run) throw new Error('open comes first');
  return run;
};

const seatsAnswer = z.object({ epoch: z.number(), version: z.number(), map: z.string() });
/** Longer than abandoned holds last on a stack of its own: until they are over, the map moves on all the time. */
const CONVERGES_WITHIN_MS = 40_000;

/** Every watcher's map is the server's, at the same version. */
async function converge(world: World, maps: readonly LiveMap[]): Promise<void> {
  const behind = new Set(maps);
  for (
    const end = performance.now() + CONVERGES_WITHIN_MS;
    behind.size > 0 && performance.now() < end;
    await pause(200)
  ) {
    const truth = await world.http.call('seats', `GET /shows/${world.show}/seats`, seatsAnswer);
    if (!truth) continue;
    const bytes = Buffer.from(truth.map, 'base64');
    // What happens between the question and the frame is looked at in the next round.
    await pause(100);
    for (const map of behind)
      if (map.epoch === truth.epoch && map.version === truth.version && bytes.equals(map.map)) behind.delete(map);
  }
  world.tally.count('maps that converged', maps.length - behind.size);
  for (const map of behind) world.tally.error('a map did not converge', `it is at ${map.epoch}-${map.version}`);
}

const api = {
  async open(opening: Opening): Promise<void> {
    const acks = createWriteStream(opening.acksFile);
    const world = createWorld(opening, acks);
    const maps = new Map(
      opening.plans.filter(({ persona }) => persona === 'watcher').map(({ n }) => [n, new LiveMap()])
    );
    const opened = new Map<number, Line | null>();
    run = { ...opening, world, acks, maps, eyes: null, opened };
    run.eyes = await connect(world, opening.spareTokens.at(0) ?? '', world.map);
    if (!run.eyes) throw new Error(`no connection to ${opening.url}: ${world.tally.take().details.join('; ')}`);
    if (!opening.early) return;
    let next = 0;
    const lane = async () => {
      for (let at = next++; at < opening.plans.length; at = next++) {
        const plan = opening.plans[at];
        if (!plan) return;
        const line = await connect(world, opening.buyerTokens[at] ?? '', maps.get(plan.n), plan.address);
        opened.set(plan.n, line);
      }
    };
    await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, lane));
  },

  /** The clock starts in `inMs`. */
  start({ inMs, durationMs }: { inMs: number; durationMs: number }): void {
    const { world, plans, buyerTokens, maps, opened } = theRun();
    world.startsAt = performance.now() + inMs;
    world.endsAt = world.startsAt + durationMs;
    playing = Promise.all(
      plans.map(async (plan, at) => {
        await pause(inMs + plan.arrives);
        const token = buyerTokens[at] ?? '';
        const line = opened.has(plan.n)
          ? opened.get(plan.n)
          : await connect(world, token, maps.get(plan.n), plan.address);
        return line ? play(world, plan, token, line) : null;
      })
    );
  },

  sample(): Sample {
    const { world } = theRun();
    const { map } = world;
    const seats = map.epoch > 0 ? countStates(map.map, map.capacity) : null;
    return { ...world.tally.take(), ...world.frames.take(), seats };
  },

  /** After the last click: what is under way ends, then the watchers' maps are compared, then everybody leaves. */
  async finish(): Promise<void> {
    const { world, maps, eyes, acks } = theRun();
    const lines = (await playing) ?? [];
    await converge(world, [...maps.values(), world.map]);
    for (const line of [...lines, eyes]) line?.socket.disconnect();
    await new Promise<void>((resolve) => acks.end(resolve));
  }
};
export type BuyersApi = typeof api;
answerParent(api);
