import * as m from '#domain/messages/compiled/refusals.js';
import type { Server as HttpServer } from 'node:http';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { Server } from 'socket.io';
import type { CheckInCounts } from '#domain/check-in.ts';
import type { ShowId, UserId } from '#domain/ids.ts';
import { clientCommands, type ClientCommand, type ShowChanged, type ShowNotice } from '#domain/protocol.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import type { RoomState } from '#domain/waiting-room.ts';
import type { Accounts, User } from '../accounts/accounts.ts';
import type { CheckIn } from '../check-in/check-in.ts';
import type { Config } from '../config.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisConnections } from '../redis/connections.ts';
import type { MapVersion } from '../seats/seat-state.ts';
import type { Seats } from '../seats/seats.ts';
import type { WaitingRoom } from '../waiting-room/waiting-room.ts';
import { createControlRoom, isControlCommand, type ControlRoom } from './control-room.ts';
import { createLimits } from './limits.ts';
import { speak } from '../language.ts';
import { createCommands, toAck, type LiveSocket, type SocketData } from './commands.ts';
import { closeGradually } from './drain.ts';
import { credentialsOf, originAllowed, refuseUpgrade, spokenBy } from './handshake.ts';
import { createLooks } from './looks.ts';
import { createRoomFrames } from './room-frames.ts';
import { buyerRoom, gateRoom, sessionRoom, showRoom, userRoom, waitingRoomOf } from './rooms.ts';
import { traceCommand } from '../tracing/commands.ts';
import { watchSlowViewers } from './slow-viewers.ts';
import { createViewers } from './viewers.ts';

/** Longer than any command can be; a frame above it closes the socket. */
const MAX_FRAME_BYTES = 16 * 1024;
/** A viewer that lost the last frame of a burst learns it from the version event that follows. */
const VERSION_AFTER_BURST_MS = 1000;
const VERSION_ANYWAY_MS = 15_000;
const ANSWER_OF_NODES_MS = 3000;
/** Whoever opened a connection and does not say who they are within this time (ms) was not going to. */
const HANDSHAKE_MS = 10_000;
/**
 * Whoever does not answer a ping in time is gone. Until then the kernel keeps up to 4 MB for a viewer that has stopped
 * reading (Linux' tcp_wmem), which this process does not see.
 */
const PING_MS = 15_000;
const PONG_MS = 10_000;

/** A socket whose own answer reached further than this version has nothing to learn from it, however late it comes. */
const knows = (acted: SocketData['acted'] | undefined, show: ShowId, { epoch, version }: MapVersion): boolean =>
  acted?.show === show && acted.at.epoch === epoch && version <= acted.at.version;

export interface Live {
  attach(server: HttpServer): void;
  /** Says something to everyone who watches the show, on every node; answers how many sockets it went to. */
  notice(show: ShowId, text: string, level: ShowNotice['level']): Promise<number>;
  /** Tells everyone who watches that something about the show is different now. */
  showChanged(show: ShowId, what: Omit<ShowChanged, 'showId'>): void;
  /** Those who run shows, among themselves. */
  readonly control: ControlRoom;
  /** People watching now, over all nodes. */
  viewers(show: ShowId): number;
  /** Shows that are watched on this node, and by how many over all nodes. */
  watched(): Map<ShowId, number>;
  /** The same for any shows, read from Redis; nobody while it is away. */
  viewersOf(shows: readonly ShowId[]): Promise<Map<ShowId, number>>;
  /** Tells the gates of the show how many are in. */
  checkedIn(show: ShowId, counts: CheckInCounts): void;
  /** The waiting list has an offer for this user: their pages read it. */
  offered(user: UserId, show: ShowId): void;
  /** To those who wait on this node. */
  roomState(state: RoomState): void;
  /** Closes all open sockets of a user, on every node. */
  signOutEverywhere(user: UserId): void;
  /** The same for what one session has open. */
  signOut(session: string): void;
  /** This node takes no new sockets, and ends its own in random order over `overMs`; answers how many. */
  drain(overMs: number): Promise<number>;
  close(): Promise<void>;
}

function adapterOf(redis: RedisConnections['adapter'], key: string) {
  if (!redis.sharded)
    return createAdapter(redis.publish, redis.subscribe, { key, requestsTimeout: ANSWER_OF_NODES_MS });
  // Static: what concerns all nodes is rare, and a channel for each room of each show would not be.
  const options = { channelPrefix: key, subscriptionMode: 'static' as const };
  return createShardedAdapter(redis.publish, redis.subscribe, options);
}

export function createLive(parts: {
  config: Config;
  redis: RedisConnections;
  seats: Seats;
  accounts: Accounts;
  mayManage: (user: User | null, show: ShowId) => Promise<boolean>;
  checkIn: Pick<CheckIn, 'doorOf' | 'counts'>;
  waitingRoom: Pick<WaitingRoom, 'enter' | 'leave'>;
  metrics: Metrics;
  log: Logger;
}): Live {
  const { config, redis, seats, accounts, checkIn, waitingRoom, metrics } = parts;
  const log = parts.log.child({ part: 'live' });
  const node = newId();
  const limits = createLimits(config);
  let draining = false;

  const io: Server = new Server({
    path: '/socket.io',
    serveClient: false,
    // Websocket only: no sticky sessions behind a proxy, and none of the polling transport's weaknesses.
    transports: ['websocket'],
    perMessageDeflate: false,
    pingInterval: PING_MS,
    pingTimeout: PONG_MS,
    connectTimeout: HANDSHAKE_MS,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    allowRequest: (request, decide) => {
      const no = (result: string, status: 403 | 429 | 503, words: string) => {
        metrics.handshakes.inc({ result });
        refuseUpgrade(request, status, words);
        decide(words, false);
      };
      if (draining) return no('draining', 503, 'going down');
      if (!originAllowed(config, request)) return no('origin', 403, 'origin not allowed');
      limits.admits(request).then(
        (admitted) => (admitted ? decide(null, true) : no('too_many', 429, 'too many connections')),
        () => no('error', 503, 'busy')
      );
    },
    adapter: adapterOf(redis.adapter, seats.keys.adapter)
  });

  const localViewers = (show: ShowId) => io.sockets.adapter.rooms.get(showRoom(show))?.size ?? 0;
  const toLocal = createRoomFrames(io);
  let attached = false;

  const viewers = createViewers({
    ...{ redis: redis.commands, keys: seats.keys, node, log },
    local: localViewers,
    changed: (showId, count) => toLocal(showRoom(showId), 'viewers', { showId, count })
  });

  const looks = createLooks({
    ...{ redis: redis.commands, keys: seats.keys, node, log },
    tell: (showId, sections) => toLocal(showRoom(showId), 'looks', { showId, sections })
  });

  const commands = createCommands({
    ...{ seats, viewers, looks, checkIn, waitingRoom, metrics, log },
    saleOf: (show) => seats.saleOf(show)
  });

  const handle = traceCommand(commands.handle);

  const control = createControlRoom({
    ...{ io, seats, log, mayManage: parts.mayManage },
    viewers: (show) => viewers.count(show)
  });

  // ── from the feed to the rooms ──
  const lastFrame = new Map<ShowId, { at: number; told: boolean }>();
  const tellVersion = (showId: ShowId) => {
    const state = seats.feed.version(showId);
    if (state) toLocal(showRoom(showId), 'version', { showId, ...state });
  };
  seats.feed.listen({
    frame(showId, epoch, changes) {
      const sent = metrics.fanOut.startTimer();
      toLocal(showRoom(showId), 'seats', { showId, epoch, ...changes });
      sent();
      lastFrame.set(showId, { at: performance.now(), told: false });
    },
    reset: (showId) => tellVersion(showId),
    live: (showId, live) => toLocal(showRoom(showId), 'show:changed', { showId, live }),
    ended(showId, buyer, reason) {
      toLocal(buyerRoom(buyer), 'hold:ended', { showId, reason });
    },
    touched(showId, buyer, at) {
      const room = io.sockets.adapter.rooms.get(buyerRoom(buyer));
      if (!room) return;
      if (room.size === 1) {
        const [only = ''] = room;
        const socket = io.sockets.sockets.get(only) as LiveSocket | undefined;
        if (knows(socket?.data.acted, showId, at)) return;
      }
      void seats.ownHold(showId, buyer).then((own) => {
        if (!isRefusal(own)) toLocal(buyerRoom(buyer), 'hold', { showId, hold: own });
      });
    }
  });
  const versionTimer = setInterval(() => {
    const now = performance.now();
    for (const [show, frame] of lastFrame) {
      const quiet = now - frame.at;
      if (!frame.told && quiet >= VERSION_AFTER_BURST_MS) {
        frame.told = true;
        tellVersion(show);
      } else if (quiet >= VERSION_ANYWAY_MS) {
        if (localViewers(show) === 0) lastFrame.delete(show);
        else {
          frame.at = now;
          tellVersion(show);
        }
      }
    }
  }, VERSION_AFTER_BURST_MS / 4);
  versionTimer.unref();

  const slow = watchSlowViewers({
    io,
    isShowRoom: (room) => room.startsWith(showRoom('')),
    metrics,
    caughtUp(id, rooms) {
      for (const room of rooms) {
        const showId = room.slice(showRoom('').length);
        const state = seats.feed.version(showId);
        if (state) io.sockets.sockets.get(id)?.emit('version', { showId, ...state });
      }
    }
  });

  // ── a socket comes in ──
  const greeted = new WeakSet<object>();
  io.use((raw, next) => {
    const socket = raw as LiveSocket;
    // One connection is one socket: Socket.IO would make another for each greeting, past the limits of handshakes.
    if (greeted.has(raw.conn)) return raw.conn.close();
    greeted.add(raw.conn);
    const { headers } = socket.request;
    const credentials = credentialsOf(config, headers.cookie, socket.handshake.auth);
    const network = limits.networkOf(socket.request);
    const turnAway = (result: string, code: string) => {
      metrics.handshakes.inc({ result });
      next(new Error(code));
    };
    socket.data.identify = () => accounts.identify(credentials);
    socket.data.language = spokenBy(headers, socket.handshake.auth);
    socket.data.watching = new Set();
    socket.data.acted = null;
    socket.data.identify().then(
      ({ buyer, user, sessionToken, apiToken, refused }) => {
        // A socket says many things and outlives its handshake; a token has scopes and can end at any moment.
        if (apiToken ?? refused) return turnAway('token', 'FORBIDDEN');
        const leave = limits.enter(network, buyer);
        if (!leave) return turnAway('too_many', 'RATE_LIMITED');
        socket.once('disconnect', leave);
        socket.data.countedAs = { buyer, network };
        if (buyer) void socket.join(buyerRoom(buyer));
        if (user) void socket.join(userRoom(user.id));
        if (sessionToken) void socket.join(sessionRoom(accounts.sessionId(sessionToken)));
        next();
      },
      (error: unknown) => {
        log.error({ err: error }, 'could not tell who opened a socket');
        turnAway('error', 'BUSY');
      }
    );
  });

  io.on('connection', (raw) => {
    const socket = raw as LiveSocket;
    // Nothing reads the handshake request once the identity is known: let its memory go.
    Reflect.set(socket.conn, 'request', null);
    Reflect.set(socket.client, 'request', null);
    metrics.handshakes.inc({ result: 'ok' });
    metrics.connections.inc();
    const { language } = socket.data;
    socket.onAny((name: string, ...args: unknown[]) => void speak(language, () => receive(socket, name, args)));
    socket.on('disconnecting', (reason) => {
      metrics.connections.dec();
      metrics.disconnects.inc({ reason });
      for (const show of [...socket.data.watching]) commands.leave(socket, show);
    });
  });
  const isCommand = (name: string): name is ClientCommand => Object.hasOwn(clientCommands, name);

  async function receive(socket: LiveSocket, name: string, args: unknown[]) {
    const ack = args.at(-1);
    // Without an ack nobody would hear the answer: a client that does not follow the protocol is let go.
    if (typeof ack !== 'function' || args.length > 2) {
      socket.disconnect(true);
      return;
    }
    const answer = (value: object) => {
      Reflect.apply(ack, undefined, [value]);
    };
    const { buyer, network } = socket.data.countedAs;
    const pace = await limits.command(socket.id, buyer, network);
    if (pace === 'flood') {
      metrics.rateLimited.inc({ scope: 'socket_flood' });
      log.warn({ socket: socket.id }, 'cut off a socket that floods');
      socket.disconnect(true);
      return;
    }
    if (pace === 'slow') {
      metrics.rateLimited.inc({ scope: 'socket' });
      answer(toAck(refuse('RATE_LIMITED', m.too_fast(), { retryAfter: 1 })));
      return;
    }
    if (isControlCommand(name)) {
      answer(toAck(await control.handle(socket, name, args.length === 2 ? args[0] : {})));
      return;
    }
    if (!isCommand(name)) {
      answer(toAck(refuse('INVALID', 'There is no such command.')));
      return;
    }
    answer(toAck(await handle(socket, name, args.length === 2 ? args[0] : {})));
  }

  // ── what concerns all nodes ──
  const sayHere = (notice: ShowNotice) => {
    toLocal(showRoom(notice.showId), 'show:notice', notice);
    return localViewers(notice.showId);
  };
  io.on('notice', (notice: ShowNotice, done: (reached: number) => void) => done(sayHere(notice)));

  return {
    attach(server) {
      attached = true;
      io.attach(server);
    },
    control,
    async notice(showId, text, level) {
      const notice: ShowNotice = { showId, text, level, at: Date.now() };
      const here = sayHere(notice);
      const others = await new Promise<number[]>((resolve) => {
        // A node that has just died does not answer: what the others reached is known all the same.
        io.serverSideEmit('notice', notice, (_: unknown, answers: unknown) =>
          resolve(Array.isArray(answers) ? answers.map(Number) : [])
        );
      });
      return others.reduce((sum, reached) => sum + reached, here);
    },
    showChanged: (showId, what) => void io.to(showRoom(showId)).emit('show:changed', { showId, ...what }),
    viewers: (show) => viewers.count(show),
    watched: () => viewers.watched(),
    viewersOf: (shows) => viewers.totals(shows).catch(() => new Map<ShowId, number>()),
    checkedIn: (showId, counts) => void io.to(gateRoom(showId)).emit('check-in', { showId, ...counts }),
    offered: (user, showId) => void io.to(userRoom(user)).emit('waiting:offer', { showId }),
    roomState: (state) => toLocal(waitingRoomOf(state.showId), 'waiting-room', state),
    signOutEverywhere: (user) => io.in(userRoom(user)).disconnectSockets(true),
    signOut: (session) => io.in(sessionRoom(session)).disconnectSockets(true),
    drain(overMs) {
      draining = true;
      return closeGradually(io, overMs);
    },
    async close() {
      clearInterval(versionTimer);
      slow.close();
      control.close();
      viewers.close();
      looks.close();
      // A worker never opens it, and Socket.IO fails at closing what was never opened.
      if (attached) await io.close();
    }
  };
}
