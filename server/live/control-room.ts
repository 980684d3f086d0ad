import type { Server } from 'socket.io';
import {
  controlCommands,
  type ControlChanged,
  type ControlCommand,
  type ControlEvents,
  type ControlPulse
} from '#domain/control.ts';
import { parseInLanguage } from '#domain/api/in-language.ts';
import type { ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { User } from '../accounts/accounts.ts';
import type { Logger } from '../log.ts';
import type { Seats } from '../seats/seats.ts';
import type { LiveSocket } from './commands.ts';
import { controlRoom } from './rooms.ts';

/**
 * Those who run a show see it and each other: what a colleague did, and once a second how it sells. The pulse is read
 * once on each node, however many watch there, and not at all where nobody does.
 */
const PULSE_MS = 1000;

export interface ControlRoom {
  /** Tells everyone in the show's control room, on every node. */
  changed(change: ControlChanged): void;
}

export const isControlCommand = (name: string): name is ControlCommand => Object.hasOwn(controlCommands, name);

export function createControlRoom(parts: {
  io: Server;
  seats: Seats;
  viewers: (show: ShowId) => number;
  mayManage: (user: User | null, show: ShowId) => Promise<boolean>;
  log: Logger;
}) {
  const { io, seats, viewers, mayManage, log } = parts;
  const watched = new Set<ShowId>();
  const reading = new Set<ShowId>();

  async function pulse(showId: ShowId): Promise<ControlPulse | Refusal> {
    try {
      const [counts, rates] = await Promise.all([seats.counts([showId]), seats.pulse.read(showId)]);
      const now = counts.get(showId);
      return now ? { showId, ...now, viewers: viewers(showId), ...rates } : busy();
    } catch (error) {
      log.debug({ err: error, show: showId }, 'could not read how the show sells');
      return busy();
    }
  }

  const hasMembers = (show: ShowId) => (io.sockets.adapter.rooms.get(controlRoom(show))?.size ?? 0) > 0;
  const say = <E extends keyof ControlEvents>(show: ShowId, event: E, payload: ControlEvents[E]) =>
    io.local.to(controlRoom(show)).emit(event, payload);

  async function beat(show: ShowId) {
    if (!hasMembers(show)) {
      watched.delete(show);
      seats.pulse.forget(show);
      return;
    }
    // Redis is slow: the next second tries again, without a queue behind it.
    if (reading.has(show)) return;
    reading.add(show);
    const read = await pulse(show).finally(() => reading.delete(show));
    if (!isRefusal(read)) say(show, 'control:pulse', read);
  }
  const timer = setInterval(() => {
    for (const show of watched) void beat(show);
  }, PULSE_MS);
  timer.unref();

  async function handle(socket: LiveSocket, name: ControlCommand, payload: unknown): Promise<object | Refusal> {
    const parsed = parseInLanguage(controlCommands[name], payload);
    if (!parsed.success) return refuse('INVALID', 'That command is not well formed.');
    const { showId } = parsed.data;
    try {
      if (name === 'control:unwatch') {
        await socket.leave(controlRoom(showId));
        return {};
      }
      const { user } = await socket.data.identify();
      // Anonymous, customer or another organizer: to them there is no such show.
      if (!(await mayManage(user, showId))) return notFound('show');
      await socket.join(controlRoom(showId));
      watched.add(showId);
      const now = await pulse(showId);
      return { pulse: isRefusal(now) ? null : now };
    } catch (error) {
      log.error({ err: error, command: name }, 'a command of the control room failed');
      return busy();
    }
  }

  return {
    handle,
    changed: (change: ControlChanged) =>
      void io.to(controlRoom(change.showId)).emit('control:changed', change satisfies ControlEvents['control:changed']),
    close: () => clearInterval(timer)
  };
}
