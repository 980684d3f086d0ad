import * as m from '#domain/messages/compiled/refusals.js';
import { watch_most } from '#domain/messages/compiled/to_programs.js';
import type { Socket } from 'socket.io';
import { type z } from 'zod';
import { detailsInLanguage, inLanguage, parseInLanguage } from '#domain/api/in-language.ts';
import type { BuyerId, ShowId } from '#domain/ids.ts';
import type { Language } from '#domain/language.ts';
import { clientCommands, type ClientCommand, type CommandPayload, type Hold } from '#domain/protocol.ts';
import { busy, isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { Identity } from '../accounts/accounts.ts';
import type { CheckIn } from '../check-in/check-in.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { MapVersion } from '../seats/seat-state.ts';
import type { Seats } from '../seats/seats.ts';
import type { WaitingRoom } from '../waiting-room/waiting-room.ts';
import type { Looks } from './looks.ts';
import { gateRoom, showRoom, waitingRoomOf } from './rooms.ts';

/** What a client may say, and what each command does. Every ack is {ok: true, …} or {ok: false, code, message, …}. */

export interface SocketData {
  /** Who this socket speaks for, checked again before each command (at most 5 s old). */
  identify: () => Promise<Identity>;
  /** Whose limits this socket uses up. */
  countedAs: { buyer: BuyerId | null; network: string | null };
  /** What people are told in answer is told in it. */
  language: Language;
  watching: Set<ShowId>;
  /** What this socket asked for last, and up to which version of the map it knows its hold by the answer. */
  acted: { show: ShowId; at: MapVersion } | null;
}
export type LiveSocket = Socket<Record<string, never>, Record<string, never>, Record<string, never>, SocketData>;

/** A socket that watches this many shows at once is no person. */
const SHOWS_PER_SOCKET = 20;

/** Whose looks are counted as one. */
const personOf = ({ id, data }: LiveSocket) => data.countedAs.buyer ?? id;

type Answer = object | Refusal;
type Handlers = { [C in ClientCommand]: (socket: LiveSocket, payload: CommandPayload<C>) => Promise<Answer> };

export function createCommands(parts: {
  seats: Seats;
  viewers: { count(show: ShowId): number; watch(show: ShowId): void; unwatch(show: ShowId): void };
  looks: Pick<Looks, 'look' | 'leave'>;
  saleOf: Seats['saleOf'];
  checkIn: Pick<CheckIn, 'doorOf' | 'counts'>;
  waitingRoom: Pick<WaitingRoom, 'enter' | 'leave'>;
  metrics: Pick<Metrics, 'resyncs'>;
  log: Logger;
}) {
  const { seats, viewers, looks, saleOf, checkIn, waitingRoom, metrics, log } = parts;

  async function buyerOf(socket: LiveSocket, show: ShowId): Promise<BuyerId | null> {
    const { buyer, guest, user } = await socket.data.identify();
    // Whoever chose seats as a guest and signed in meanwhile has them still.
    if (user && guest && buyer && guest !== buyer) await seats.adopt(show, guest, buyer);
    return buyer;
  }

  const mayWatchOnly = () => refuse('UNAUTHENTICATED', m.watch_only());

  async function asBuyer(socket: LiveSocket, work: (buyer: BuyerId) => Promise<Answer>): Promise<Answer> {
    const { buyer } = await socket.data.identify();
    return buyer ? work(buyer) : mayWatchOnly();
  }

  /** The answer to who has just changed their own hold: what the log tells of that they need not hear again. */
  function answered(socket: LiveSocket, show: ShowId, buyer: BuyerId, hold: Hold | null | Refusal): Answer {
    if (isRefusal(hold)) return hold;
    const at = seats.told.of(show, buyer);
    socket.data.acted = at && { show, at };
    return { hold };
  }

  const handlers: Handlers = {
    async 'show:watch'(socket, { showId, epoch, version }) {
      const { data } = socket;
      const anew = !data.watching.has(showId);
      if (anew) {
        if (data.watching.size >= SHOWS_PER_SOCKET)
          return refuse('RATE_LIMITED', watch_most({ what: SHOWS_PER_SOCKET }), { retryAfter: 1 });
        const refusal = await seats.feed.join(showId);
        if (refusal) return refusal;
        // Two watches of one show may have been under way at once: only one counts.
        if (data.watching.has(showId) || !socket.connected) seats.feed.leave(showId);
        else data.watching.add(showId);
      }
      const buyer = await buyerOf(socket, showId);
      const [hold, sale] = await Promise.all([buyer ? seats.ownHold(showId, buyer) : null, saleOf(showId)]);
      if (isRefusal(sale)) return sale;
      // From here to the answer nothing is awaited: the viewer enters exactly between two frames.
      const state = seats.feed.state(showId);
      if (!state || !socket.connected) return busy();
      const missed = epoch !== undefined && version !== undefined ? seats.feed.since(showId, epoch, version) : null;
      // Whoever comes with the map of this moment, as a page does that has just been opened, has missed nothing.
      const current = anew && missed !== null && missed.from === missed.to;
      if (version !== undefined && !current)
        metrics.resyncs.inc({ cause: missed ? 'gap' : epoch === state.epoch ? 'long_gap' : 'epoch' });
      void socket.join(showRoom(showId));
      viewers.watch(showId);
      return {
        ...{ epoch: state.epoch, version: state.version, capacity: state.capacity },
        ...(missed ? { changes: missed } : { map: Buffer.from(state.map) }),
        hold: isRefusal(hold) ? null : hold,
        ...{ sale: sale === 'cancelled' ? 'closed' : sale, cancelled: sale === 'cancelled' },
        serverTime: Date.now(),
        viewers: viewers.count(showId)
      };
    },

    async 'show:unwatch'(socket, { showId }) {
      leave(socket, showId);
      await socket.leave(showRoom(showId));
      return {};
    },

    'show:look'(socket, { showId, section }) {
      if (!socket.data.watching.has(showId)) return Promise.resolve(refuse('INVALID', 'Watch the show first.'));
      looks.look(showId, personOf(socket), socket.id, section);
      return Promise.resolve({});
    },

    'seats:hold': (socket, { showId, seats: wanted, requestId, planId }) =>
      asBuyer(socket, async (buyer) =>
        answered(
          ...([socket, showId, buyer] as const),
          await seats.hold(showId, buyer, wanted, requestId, planId, socket.data.countedAs.network)
        )
      ),

    'seats:best': (socket, { showId, requestId, traceparent: _, ...wish }) =>
      asBuyer(socket, async (buyer) =>
        answered(
          ...([socket, showId, buyer] as const),
          await seats.best(showId, buyer, wish, requestId, socket.data.countedAs.network)
        )
      ),

    'seats:release': (socket, { showId, seats: some }) =>
      asBuyer(socket, async (buyer) => answered(socket, showId, buyer, await seats.release(showId, buyer, some))),

    'hold:extend': (socket, { showId }) =>
      asBuyer(socket, async (buyer) => {
        const hold = await seats.extend(showId, buyer);
        return isRefusal(hold) ? hold : { deadline: hold.deadline, hold };
      }),

    async 'waiting-room:enter'(socket, { showId }) {
      const { buyer, guest } = await socket.data.identify();
      if (!buyer) return mayWatchOnly();
      const { network } = socket.data.countedAs;
      const place = await waitingRoom.enter(showId, { buyer, guest, network }, true);
      if (!isRefusal(place)) void socket.join(waitingRoomOf(showId));
      return place;
    },

    async 'waiting-room:leave'(socket, { showId }) {
      await socket.leave(waitingRoomOf(showId));
      return asBuyer(socket, async (buyer) => (await waitingRoom.leave(showId, buyer)) ?? {});
    },

    async 'check-in:watch'(socket, { showId }) {
      const door = await checkIn.doorOf((await socket.data.identify()).user);
      const counts = isRefusal(door) ? door : await checkIn.counts(door, showId);
      if (!isRefusal(counts)) void socket.join(gateRoom(showId));
      return counts;
    }
  };

  function leave(socket: LiveSocket, show: ShowId) {
    if (!socket.data.watching.delete(show)) return;
    seats.feed.leave(show);
    looks.leave(show, personOf(socket), socket.id);
    // The room is left after this turn; the count follows at the next round.
    setImmediate(() => viewers.unwatch(show));
  }

  async function handle(socket: LiveSocket, name: ClientCommand, payload: unknown): Promise<Answer> {
    const parsed = parseInLanguage<unknown>(clientCommands[name], payload);
    if (!parsed.success) return invalid(parsed.error);
    try {
      // The schema has just checked that the payload is the one of this command.
      return await (handlers[name] as (socket: LiveSocket, payload: unknown) => Promise<Answer>)(socket, parsed.data);
    } catch (error) {
      log.error({ err: error, command: name }, 'a socket command failed');
      return busy();
    }
  }

  return { handle, leave };
}

const invalid = (error: z.ZodError) =>
  refuse('INVALID', 'That command is not well formed.', {
    errors: error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  });

/** The shape every ack has. Only what is INVALID is said in English first; the many who come too late need not wait for that. */
export function toAck(answer: Answer) {
  if (!isRefusal(answer)) return { ...answer, ok: true };
  const { code, message, details } = answer;
  if (code !== 'INVALID') return { ...details, ok: false, code, message };
  return { ...detailsInLanguage(details), ok: false, code, message: inLanguage(message) };
}
