import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { LiveMap } from '#domain/live-map.ts';
import { hold, type Hold, type SeatsFrame, type VersionEvent, type WatchAnswer } from '#domain/protocol.ts';
import { wallClock } from '../../../server/rehearsal/buyers/frames.ts';
import type { Op } from '../history.ts';

/**
 * A buyer's socket as a page has it: it comes back by itself, watches again, and asks again when its map has a gap. What
 * is said over it goes into the history.
 */
export interface Line {
  socket: Socket;
  map: LiveMap;
  /** Since when it is connected and has a map (ms since 1970); null while it is not. */
  readonly watchingSince: number | null;
  /** Waits until it is connected; false when that takes too long. */
  connected(): Promise<boolean>;
  click(buyer: string, seats: readonly number[]): Promise<Hold | null>;
  release(buyer: string, mine: Hold): Promise<void>;
  /** What is said from now on is told to somebody else. */
  recordTo(record: Scene['record']): void;
  close(): void;
}

export interface Scene {
  url: string;
  show: string;
  /** Of one seat, as every seat of this show costs. */
  price: number;
  record: (op: Op) => void;
}

/** As long as a page waits (src/lib/seatmap/wire.ts), for an answer and before it asks to watch again. */
const ANSWER_MS = 5000;
const AGAIN_MS = 1000;
const CONNECTED_WITHIN_MS = 15_000;
/** An answer that never came is asked for again under the same request id, this often. */
const TRIES = 3;

const refusal = z.object({ ok: z.literal(false), code: z.string() });
const held = z.object({ ok: z.literal(true), hold });
const watched = z.object({ ok: z.literal(true), epoch: z.number(), version: z.number(), capacity: z.number() });

let requests = 0;

export function openLine({ url, show, record: first }: Omit<Scene, 'price'>, buyerToken: string): Line {
  let record = first;
  const socket = io(url, {
    ...{ transports: ['websocket'], auth: { buyerToken }, forceNew: true },
    ...{ reconnectionDelayMax: 5000 }
  });
  const map = new LiveMap();
  let watchingSince: number | null = null;
  let watching = false;

  async function watch() {
    if (watching) return;
    watching = true;
    for (let done = false; !done && socket.connected;) {
      const known = map.epoch > 0 ? { epoch: map.epoch, version: map.version } : {};
      const answer = await ask('show:watch', { showId: show, ...known });
      const yes = watched.safeParse(answer);
      // The schema has looked at all but the bytes of the map, which LiveMap takes as they are.
      done = yes.success && map.snapshot(answer as WatchAnswer) !== 'gap';
      if (done) watchingSince ??= wallClock();
      else await pause(AGAIN_MS);
    }
    watching = false;
  }

  const ask = (command: string, payload: object): Promise<unknown> =>
    socket
      .timeout(ANSWER_MS)
      .emitWithAck(command, payload)
      .catch((error: unknown) => error);

  socket.on('connect', () => void watch());
  socket.on('disconnect', () => (watchingSince = null));
  socket.on('seats', (frame: SeatsFrame) => {
    if (map.frame(frame) === 'gap') void watch();
  });
  socket.on('version', (event: VersionEvent) => {
    if (map.check(event) === 'gap') void watch();
  });

  /** A refused connection (no node is ready) is tried again by socket.io itself. */
  async function connected(): Promise<boolean> {
    for (const end = performance.now() + CONNECTED_WITHIN_MS; performance.now() < end; await pause(50))
      if (socket.connected && map.epoch > 0) return true;
    return false;
  }

  return {
    ...{ socket, map, connected },
    get watchingSince() {
      return watchingSince;
    },

    async click(buyer, seats) {
      const request = `chaos-${process.pid}-${requests++}`;
      for (let tried = 0; tried < TRIES; tried++) {
        if (!(await connected())) return null;
        const at = wallClock();
        const answer = await ask('seats:hold', { showId: show, seats: [...seats], requestId: request });
        const said = { op: 'hold' as const, buyer, request, seats: [...seats], at, done: wallClock() };
        const no = refusal.safeParse(answer);
        const yes = held.safeParse(answer);
        if (yes.success) {
          const got = yes.data.hold;
          record({ ...said, outcome: 'ok', got: { hold: got.id, seats: got.seats, deadline: got.deadline } });
          return got;
        }
        if (no.success) {
          record({ ...said, outcome: 'refused', code: no.data.code });
          return null;
        }
        record({ ...said, outcome: 'unknown', code: String(answer).slice(0, 100) });
      }
      return null;
    },

    async release(buyer, mine) {
      const at = wallClock();
      const said = { op: 'release' as const, buyer, hold: mine.id, seats: mine.seats, at };
      const answer = socket.connected ? await ask('seats:release', { showId: show }) : 'not connected';
      const no = refusal.safeParse(answer);
      const yes = z.object({ ok: z.literal(true) }).safeParse(answer);
      const outcome = yes.success ? 'ok' : no.success ? 'refused' : 'unknown';
      record({ ...said, done: wallClock(), outcome, ...(no.success ? { code: no.data.code } : {}) });
    },

    recordTo(other) {
      record = other;
    },
    close: () => void socket.disconnect()
  };
}
