import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import type { LiveMap } from '#domain/live-map.ts';
import { hold, type Hold, type SeatsFrame, type VersionEvent, type WatchAnswer } from '#domain/protocol.ts';
import { wallClock } from './frames.ts';
import { BOT_ADDRESS } from './plan.ts';
import type { World } from './world.ts';

/** A buyer's connection, and what it says over it. */
const TIMEOUT_MS = 10_000;
const refusal = z.object({ ok: z.literal(false), code: z.string(), message: z.string() });
const watched = z.object({ ok: z.literal(true), epoch: z.number(), version: z.number(), hold: hold.nullable() });
const held = z.object({ ok: z.literal(true), hold });
const released = z.object({ ok: z.literal(true), hold: hold.nullable() });

export interface Line {
  socket: Socket;
  /** The buyer's own hold as it was when the connection began. */
  hold: Hold | null;
}

/** Null when it could not be opened; that was counted. `map` is kept up to date with every frame, gaps and all. */
export async function connect(
  world: World,
  buyerToken: string,
  map?: LiveMap,
  address: string | null = null
): Promise<Line | null> {
  const { tally, frames } = world;
  const began = performance.now();
  const socket = io(world.url, {
    ...{ transports: ['websocket'], auth: { buyerToken }, reconnection: false, forceNew: true, timeout: TIMEOUT_MS },
    ...(address === null ? {} : { extraHeaders: { 'x-forwarded-for': address } })
  });
  const opened = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('connect_error', (error) => {
      // That many connections from one network are turned away, as they should be.
      if (address === BOT_ADDRESS) tally.count('bots turned away');
      else tally.error('connect', error.message);
      resolve(false);
    });
  });
  if (!opened) {
    socket.close();
    return null;
  }
  tally.connected++;
  tally.time('connect', performance.now() - began);
  socket.on('disconnect', (reason) => {
    tally.connected--;
    if (reason !== 'io client disconnect') tally.error('disconnected', reason);
  });
  socket.on('seats', (frame: SeatsFrame) => {
    tally.count('frames');
    frames.heard(frame);
    if (map?.frame(frame) === 'gap') void watch(world, socket, map);
  });
  if (map)
    socket.on('version', (event: VersionEvent) => {
      if (map.check(event) === 'gap') void watch(world, socket, map);
    });
  const answer = await watch(world, socket, map);
  return answer ? { socket, hold: answer.hold } : null;
}

/** show:watch, with what the map has already. */
async function watch(world: World, socket: Socket, map?: LiveMap) {
  const known = map && map.epoch > 0 ? { epoch: map.epoch, version: map.version } : {};
  if (map && map.epoch > 0) world.tally.count('gaps');
  const answer = await say(world, socket, 'show:watch', { showId: world.show, ...known }, watched, 'watch');
  if (answer && map) map.snapshot(answer as unknown as WatchAnswer);
  return answer;
}

async function say<T extends object>(
  world: World,
  socket: Socket,
  command: string,
  payload: object,
  schema: z.ZodType<T>,
  operation: string,
  due?: number
): Promise<T | null> {
  const { tally } = world;
  const sent = performance.now();
  try {
    const answer = (await socket.timeout(TIMEOUT_MS).emitWithAck(command, payload)) as unknown;
    const done = performance.now();
    if (due === undefined) tally.time(operation, done - sent);
    else tally.click(operation, due, sent, done);
    const no = refusal.safeParse(answer);
    if (no.success) {
      tally.refused(operation, no.data.code, no.data.message);
      return null;
    }
    // The schema leaves out what it does not name; the map of a watch travels beside it.
    const yes = schema.parse(answer);
    return { ...(answer as T), ...yes };
  } catch (error) {
    tally.error(`${operation}: no answer`, error instanceof Error ? error.message : String(error));
    return null;
  }
}

let requests = 0;
export const newRequest = () => `load-${process.pid}-${requests++}`;

/** A click on seats, meant for `due`. `asked`: the id of a request that is made twice. */
export async function clickSeats(
  world: World,
  line: Line,
  buyer: string,
  seats: readonly number[],
  due: number,
  asked?: string
): Promise<Hold | null> {
  const sent = wallClock();
  const [marked] = seats;
  // What is asked twice is in one frame only: which of the two it answers nobody knows.
  if (marked !== undefined && asked === undefined) world.frames.sent(marked, sent);
  const command = { showId: world.show, seats: [...seats], requestId: asked ?? newRequest() };
  const answer = await say(world, line.socket, 'seats:hold', command, held, 'hold', due);
  if (!answer && marked !== undefined) world.frames.forget(marked);
  return took(world, buyer, answer?.hold ?? null, sent);
}

/** "So many together", meant for `due`. */
export async function clickBest(
  world: World,
  line: Line,
  buyer: string,
  count: number,
  due: number
): Promise<Hold | null> {
  const sent = wallClock();
  const command = { showId: world.show, count, requestId: newRequest() };
  const answer = await say(world, line.socket, 'seats:best', command, held, 'best', due);
  return took(world, buyer, answer?.hold ?? null, sent);
}

function took(world: World, buyer: string, got: Hold | null, sent: number): Hold | null {
  if (!got) return null;
  world.tally.count('holds');
  const { id, seats, deadline } = got;
  world.acknowledged({ what: 'hold', hold: id, buyer, seats, sent, acked: wallClock(), deadline });
  return got;
}

export async function release(world: World, line: Line, mine: Hold): Promise<void> {
  for (const seat of mine.seats) world.frames.forget(seat);
  world.acknowledged({ what: 'release', hold: mine.id, seats: mine.seats, sent: wallClock() });
  await say(world, line.socket, 'seats:release', { showId: world.show }, released, 'release');
}
