import { join } from 'node:path';
import type { BuyerId, ShowId } from '#domain/ids.ts';
import { roomPhase, type RoomPhase } from '#domain/waiting-room.ts';
import type { RedisClient } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { defineScripts, readScripts, type ScriptReply } from '../redis/scripts.ts';
import type { Entrant } from './rows.ts';

/** Typed calls of the waiting room's scripts. */
type ScriptName = 'open' | 'enter' | 'leave' | 'close' | 'place' | 'begin' | 'tick';
const SCRIPTS = readScripts(join(import.meta.dirname, 'scripts'));
const PORTION = 300;

export type Entered =
  | { is: 'IN'; until: number }
  | { is: 'WAITS'; ticket: string; place: number; before: number }
  | { is: 'CROWD'; tickets: number }
  | { is: 'OUT' }
  | { is: 'ABSENT' };

export interface Tick {
  phase: RoomPhase;
  waiting: number;
  inside: number;
  admittedTo: number;
  admitted: number;
  perMinute: number;
  opens: number;
  now: number;
}

const phaseIn = (reply: ScriptReply): RoomPhase | null => roomPhase.safeParse(reply[1]).data ?? null;

export function createRoomState(redis: RedisClient, keys: Keys) {
  const scripts = defineScripts<ScriptName>(redis, SCRIPTS);
  const run = (show: ShowId, name: ScriptName, ...args: (string | number)[]) =>
    scripts.run(name, keys.show(show).script, args);

  return {
    open: async (show: ShowId, phase: RoomPhase, opens: number, next: number, admitted: number) =>
      phaseIn(await run(show, 'open', phase, opens, next, admitted)),

    /** `ticket` for who has none; '' for who only looks. */
    async enter(
      show: ShowId,
      who: { buyer: BuyerId; guest: BuyerId | null; network: string },
      ticket: string,
      perNetwork: number | null
    ): Promise<Entered> {
      const [is, ...rest] = await run(show, 'enter', who.buyer, who.guest ?? '', ticket, who.network, perNetwork ?? 0);
      switch (is) {
        case 'IN':
          return { is, until: Number(rest[0]) };
        case 'WAITS':
          return { is, ticket: String(rest[0]), place: Number(rest[1]), before: Number(rest[2]) };
        case 'CROWD':
          return { is, tickets: Number(rest[0]) };
        case 'OUT':
        case 'ABSENT':
          return { is };
        default:
          throw new Error(`a script of the waiting room answered ${is}`);
      }
    },

    leave: async (show: ShowId, buyer: BuyerId) => void (await run(show, 'leave', buyer)),
    close: async (show: ShowId, beforeMs: number, lapseMs: number) =>
      phaseIn(await run(show, 'close', beforeMs, lapseMs)),

    /** Everybody in the draw. Who leaves meanwhile may be in it or not. */
    async entrants(show: ShowId): Promise<Entrant[]> {
      const found = new Map<string, BuyerId>();
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(`${keys.show(show).base}:room:place`, cursor, 'COUNT', 1000);
        for (let n = 0; n < flat.length; n += 2) {
          const [ticket = '', place] = (flat[n + 1] ?? '').split(' ');
          if (place === '0') found.set(ticket, flat[n] ?? '');
        }
        cursor = next;
      } while (cursor !== '0');
      return [...found].map(([ticket, buyer]) => ({ ticket, buyer }));
    },

    async place(show: ShowId, drawn: readonly Entrant[]): Promise<void> {
      for (let at = 0; at < drawn.length; at += PORTION) {
        const some = drawn.slice(at, at + PORTION);
        await run(show, 'place', ...some.flatMap(({ ticket, buyer }, n) => [ticket, buyer, at + n + 1]));
      }
    },

    async begin(show: ShowId, lastDrawn: number): Promise<void> {
      while (phaseIn(await run(show, 'begin', lastDrawn)) === 'closed');
    },

    /** Null when Redis does not have this room. */
    async tick(
      show: ShowId,
      perMinute: number,
      stayMs: number,
      lapseMs: number,
      everyMs: number
    ): Promise<Tick | null> {
      const reply = await run(show, 'tick', perMinute.toFixed(3), stayMs, lapseMs, everyMs);
      const phase = phaseIn(reply);
      if (reply[0] === 'ABSENT' || phase === null) return null;
      const [waiting = 0, inside = 0, admittedTo = 0, admitted = 0, rate = 0, opens = 0, now = 0] = reply
        .slice(2)
        .map(Number);
      return { phase, waiting, inside, admittedTo, admitted, perMinute: rate, opens, now };
    },

    async admittedUntil(show: ShowId, buyer: BuyerId): Promise<number | null> {
      const until = await redis.get(keys.admission(show, buyer));
      return until === null ? null : Number(until);
    }
  };
}
export type RoomRedis = ReturnType<typeof createRoomState>;
