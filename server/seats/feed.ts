import type { BuyerId, HoldId, ShowId } from '#domain/ids.ts';
import type { Changes, HoldEnded } from '#domain/protocol.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import { sizedMap } from '#domain/seat-map.ts';
import type { Logger } from '../log.ts';
import type { RedisConnections } from '../redis/connections.ts';
import type { Keys } from '../redis/keys.ts';
import { foldFor, foldInto, parseEntry, type LogEntry } from './fold.ts';
import { NeedsRebuild, unlessMissing, type MapVersion, type SeatState } from './seat-state.ts';
import { createTick } from './tick.ts';

/**
 * The log of a show → one coalesced frame a tick for this node's viewers. The node keeps a copy of the map at the
 * version it has sent, so a viewer joins exactly between two frames and costs Redis nothing.
 */
const LOOK_ANYWAY_MS = 1000;
/**
 * A show that has just changed is looked at more often: with a lost hint, and the version event a second after the last
 * frame, a viewer would otherwise be told of the last change only after more than two seconds.
 */
const LOOK_SOON_MS = 400;
const JUST_CHANGED_MS = 10_000;
/** Viewers are told that their map may be out of date when nothing could be read for this long. */
const OUT_OF_DATE_MS = 3000;
const ENTRIES_PER_READ = 5000;
/** Entries kept here for viewers that come back: about the log's own length. */
const REMEMBERED_ENTRIES = 10_000;

export interface FeedListener {
  frame(show: ShowId, epoch: number, changes: Changes): void;
  /** Another map stands (rebuilt, or the log did not reach back): viewers must read it again. */
  reset(show: ShowId, epoch: number, version: number): void;
  /** A buyer's hold ended, or a part of it was lost. */
  ended(show: ShowId, buyer: BuyerId, reason: HoldEnded['reason']): void;
  /** Redis could not be read for a while, or can be again: the map viewers see is out of date until then. */
  live(show: ShowId, live: boolean): void;
  /** A buyer's hold has other seats than before, from this version on. */
  touched(show: ShowId, buyer: BuyerId, at: MapVersion): void;
}

/** What a viewer starts from. `map` is a copy of its own. */
export interface FeedState {
  epoch: number;
  version: number;
  capacity: number;
  map: Uint8Array;
}

interface Watched {
  show: ShowId;
  viewers: number;
  epoch: number;
  version: number;
  capacity: number;
  map: Uint8Array;
  recent: LogEntry[];
  holders: Map<BuyerId, HoldId>;
  dirty: boolean;
  lookedAt: number;
  readAt: number;
  changedAt: number;
  live: boolean;
  reading: boolean;
  /** Which of the connections, counted, it was last read over. */
  readOver: number;
  opening: Promise<Refusal | undefined> | undefined;
}

export interface Feed {
  listen(listener: FeedListener): void;
  /** Follows a show for one more viewer. Call `leave` once for each `join` that was not refused. */
  join(show: ShowId): Promise<Refusal | undefined>;
  leave(show: ShowId): void;
  /** The map at the version last sent: read it in the same turn in which the viewer enters the room. */
  state(show: ShowId): FeedState | undefined;
  version(show: ShowId): { epoch: number; version: number } | undefined;
  /** What a viewer at (epoch, version) has missed, if this node remembers that far; else null. */
  since(show: ShowId, epoch: number, version: number): Changes | null;
  close(): Promise<void>;
}

type CloseReason = HoldEnded['reason'];
const ENDED: Readonly<Record<string, CloseReason>> = {
  expire: 'expired',
  book: 'booked',
  lost: 'lost',
  revoke: 'released'
};

export function createFeed(parts: {
  redis: RedisConnections;
  keys: Keys;
  state: SeatState;
  rebuild: (show: ShowId) => Promise<void | Refusal>;
  takeover: (show: ShowId, foreign?: number) => Promise<void>;
  log: Logger;
  tickMs: number;
}): Feed {
  const { redis, keys, state, rebuild, takeover, log, tickMs } = parts;
  const watched = new Map<ShowId, Watched>();
  const showOfChannel = new Map<string, ShowId>();
  let listener: FeedListener | undefined;
  let timer: NodeJS.Timeout | undefined;
  const ticks = createTick(tickMs);
  const reads = new Set<Promise<void>>();

  // Another connection may lead to another server.
  let connections = 0;
  redis.commands.on('ready', () => connections++);

  redis.hints.onMessage((channel) => {
    const show = showOfChannel.get(channel);
    const feed = show === undefined ? undefined : watched.get(show);
    if (feed) feed.dirty = true;
  });

  async function readMap(feed: Watched): Promise<Refusal | undefined> {
    for (let tries = 0; tries < 3; tries++) {
      try {
        const snapshot = await state.snapshot(feed.show);
        feed.epoch = snapshot.epoch;
        feed.version = snapshot.version;
        feed.capacity = snapshot.capacity;
        feed.map = sizedMap(snapshot.map, snapshot.capacity);
        feed.recent = [];
        return undefined;
      } catch (error) {
        if (!(error instanceof NeedsRebuild)) throw error;
        const refusal = await rebuild(feed.show);
        if (isRefusal(refusal)) return refusal;
      }
    }
    throw new NeedsRebuild();
  }

  async function readLog(feed: Watched): Promise<LogEntry[] | 'gap'> {
    const { log: key, meta } = keys.show(feed.show);
    const pipeline = redis.commands.pipeline();
    pipeline.xrange(key, `(${feed.epoch}-${feed.version}`, '+', 'COUNT', ENTRIES_PER_READ);
    pipeline.hmget(meta, 'ready', 'epoch', 'version');
    const [entriesAnswer, metaAnswer] = (await pipeline.exec()) ?? [];
    const error = entriesAnswer?.[0] ?? metaAnswer?.[0];
    if (error) throw error;
    const [ready, epoch, version] = metaAnswer?.[1] as (string | null)[];
    if (!ready || Number(epoch) !== feed.epoch) return 'gap';
    const entries = (entriesAnswer?.[1] as [string, string[]][]).map(parseEntry);
    // The first entry must follow our version, and none may be missing: the log is trimmed from its old end.
    if (entries.length > 0 && entries[0]?.version !== feed.version + 1) return 'gap';
    if (entries.length === 0 && Number(version) !== feed.version) return 'gap';
    return entries;
  }

  function remember(feed: Watched, entries: readonly LogEntry[]) {
    feed.recent.push(...entries);
    if (feed.recent.length > 2 * REMEMBERED_ENTRIES) feed.recent = feed.recent.slice(-REMEMBERED_ENTRIES);
  }

  function tellHolders(feed: Watched, entries: readonly LogEntry[]) {
    for (const { buyer, hold, cause, epoch, version } of entries) {
      if (!buyer) continue;
      const reason = ENDED[cause];
      if (reason) {
        if (feed.holders.get(buyer) === hold) feed.holders.delete(buyer);
        listener?.ended(feed.show, buyer, reason);
      } else if (cause === 'hold' || cause === 'release') {
        feed.holders.set(buyer, hold);
        listener?.touched(feed.show, buyer, { epoch, version });
      }
    }
  }

  /** On another map: open holds may be gone. Of those that became a booking, their buyers look again. */
  async function tellOfLost(feed: Watched) {
    const standing = await state.standing(feed.show, [...feed.holders.values()]);
    for (const [buyer, hold] of feed.holders) {
      if (standing.has(hold)) continue;
      feed.holders.delete(buyer);
      listener?.ended(feed.show, buyer, 'lost');
    }
  }

  /** Brings the map and the viewers up to date; false when there is no map to be had. */
  async function read(feed: Watched): Promise<boolean> {
    const over = connections;
    if (feed.readOver !== over) await takeover(feed.show).catch(unlessMissing);
    feed.readOver = over;
    const entries = await readLog(feed);
    if (entries === 'gap') {
      const { epoch, version } = feed;
      if (await readMap(feed)) return false;
      if (feed.epoch === epoch && feed.version < version) {
        await takeover(feed.show, epoch).catch(unlessMissing);
        if (await readMap(feed)) return false;
      }
      listener?.reset(feed.show, feed.epoch, feed.version);
      if (feed.epoch !== epoch) await tellOfLost(feed);
      return true;
    }
    if (entries.length === 0) return true;
    feed.changedAt = performance.now();
    const changes = foldInto(feed.map, feed.version, entries);
    feed.version = changes.to;
    remember(feed, entries);
    const began = performance.now();
    listener?.frame(feed.show, feed.epoch, changes);
    ticks.wrote(performance.now() - began);
    tellHolders(feed, entries);
    if (entries.length === ENTRIES_PER_READ) feed.dirty = true;
    return true;
  }

  function tick() {
    timer = setTimeout(tick, ticks.next());
    const now = performance.now();
    for (const feed of watched.values()) {
      if (feed.live && !feed.opening && now - feed.readAt > OUT_OF_DATE_MS) {
        feed.live = false;
        listener?.live(feed.show, false);
      }
      if (feed.reading || feed.opening || redis.commands.status !== 'ready') continue;
      const pause = now - feed.changedAt < JUST_CHANGED_MS ? LOOK_SOON_MS : LOOK_ANYWAY_MS;
      if (!feed.dirty && now - feed.lookedAt < pause) continue;
      feed.dirty = false;
      feed.lookedAt = now;
      feed.reading = true;
      const work = read(feed)
        .then((seen) => {
          if (!seen) return;
          feed.readAt = performance.now();
          if (feed.live) return;
          feed.live = true;
          listener?.live(feed.show, true);
        })
        .catch((error: unknown) => {
          feed.dirty = true;
          log.debug({ err: error, show: feed.show }, 'could not read the seat log; the next tick tries again');
        })
        .finally(() => {
          feed.reading = false;
          reads.delete(work);
        });
      reads.add(work);
    }
  }

  function drop(feed: Watched) {
    const { changed } = keys.show(feed.show);
    watched.delete(feed.show);
    showOfChannel.delete(changed);
    redis.hints.unsubscribe(changed);
    if (watched.size === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  async function open(feed: Watched): Promise<Refusal | undefined> {
    const { changed } = keys.show(feed.show);
    showOfChannel.set(changed, feed.show);
    // Until the subscription stands, the look once a second finds the changes.
    redis.hints.subscribe(changed);
    timer ??= setTimeout(tick, tickMs);
    return readMap(feed);
  }

  return {
    listen(to) {
      listener = to;
    },

    async join(show) {
      let feed = watched.get(show);
      if (!feed) {
        feed = {
          ...{ show, viewers: 0, epoch: 0, version: 0, capacity: 0, map: new Uint8Array(), recent: [], dirty: true },
          ...{
            lookedAt: 0,
            readAt: performance.now(),
            changedAt: -Infinity,
            live: true,
            reading: false,
            readOver: -1,
            holders: new Map<BuyerId, HoldId>(),
            opening: undefined
          }
        };
        watched.set(show, feed);
        const opened = feed;
        feed.opening = open(opened).finally(() => {
          opened.opening = undefined;
          opened.readAt = performance.now();
        });
      }
      feed.viewers++;
      try {
        const refusal = await feed.opening;
        if (!refusal) return undefined;
        this.leave(show);
        return refusal;
      } catch (error) {
        this.leave(show);
        throw error;
      }
    },

    leave(show) {
      const feed = watched.get(show);
      if (!feed) return;
      feed.viewers--;
      if (feed.viewers <= 0) drop(feed);
    },

    state(show) {
      const feed = watched.get(show);
      if (!feed || feed.opening) return undefined;
      const { epoch, version, capacity, map } = feed;
      return { epoch, version, capacity, map: map.slice() };
    },

    version(show) {
      const feed = watched.get(show);
      return feed && !feed.opening ? { epoch: feed.epoch, version: feed.version } : undefined;
    },

    since(show, epoch, version) {
      const feed = watched.get(show);
      if (!feed || epoch !== feed.epoch || version > feed.version) return null;
      if (version === feed.version) return { from: version, to: version };
      const first = feed.recent[0];
      if (!first || version < first.version - 1) return null;
      return foldFor(version, feed.recent.slice(version + 1 - first.version));
    },

    async close() {
      clearTimeout(timer);
      await Promise.allSettled(reads);
      watched.clear();
    }
  };
}
