import type { BuyerId, HoldId, ShowId } from '#domain/ids.ts';

/**
 * Every key and channel of Fullhouse. The keys of a show share the hash tag `{show:<id>}`, so a script
 * touches one Cluster slot. The scripts make the names of single holds and buyers themselves
 * (includes/show.lua), because only they know the ids; those names are repeated here for readers outside.
 */
export interface ShowKeys {
  base: string;
  /** KEYS 1 to 6 of every script: meta, map, owner, due, log, taken. */
  script: readonly [string, string, string, string, string, string];
  meta: string;
  map: string;
  owner: string;
  due: string;
  log: string;
  changed: string;
  viewers: string;
  looks: string;
  rebuild: string;
}

export type RebuiltPart = 'map' | 'owner' | 'due' | 'taken' | 'networks';

export interface Keys {
  show(id: ShowId): ShowKeys;
  hold(show: ShowId, hold: HoldId): string;
  buyer(show: ShowId, buyer: BuyerId): string;
  rebuilt(show: ShowId, token: string, part: RebuiltPart): string;
  /** Seats that a network has, on the map of this epoch. */
  network(show: ShowId, epoch: number, network: string): string;
  /** Set, until then, while the waiting room has admitted the buyer. */
  admission(show: ShowId, buyer: BuyerId): string;
  /** How loaded each node is, by its id. */
  load: string;
  /** Set of the shows that have a map: what the sweepers walk. */
  shows: string;
  /** Set of the shows whose log has grown since it was last kept; and how far behind the keeper was, as JSON. */
  unkept: string;
  logLag: string;
  /** The show that an expired `:buyer:<id>` key belongs to (a buyer's open hold ends with it), or null. */
  showOfExpired(key: string): ShowId | null;
  adapter: string;
  /** A value of the catalogue's cache, the version of a tag, and the set of writes under way (in the catalogue's slot). */
  cached(key: string): string;
  cacheTag(tag: string): string;
  cacheWriting: string;
  /** Calls in this minute, by what they are counted for: the key of one token, user or network comes after it. */
  calls(counted: string): string;
  /** The trace in which a hold was made, while somebody traces. */
  trace(hold: HoldId): string;
  /** What was answered under an Idempotency-Key. */
  once(hash: string): string;
  /** A hold on its way from a frame to our own pages, by the hash of its code. */
  handOver(hash: string): string;
}

const REMEMBERED = 5000;

export function createKeys(prefix: string): Keys {
  const known = new Map<ShowId, ShowKeys>();
  const tag = (id: ShowId) => `${prefix}{show:${id}}`;
  const expired = new RegExp(`^${prefix}\\{show:([0-9a-z]+)\\}:buyer:`);

  return {
    show(id) {
      let keys = known.get(id);
      if (keys) return keys;
      const base = tag(id);
      const [meta, map, owner, due, log] = ['meta', 'map', 'owner', 'due', 'log'].map((part) => `${base}:${part}`) as [
        string,
        string,
        string,
        string,
        string
      ];
      keys = {
        ...{ base, meta, map, owner, due, log },
        script: [meta, map, owner, due, log, `${base}:taken`],
        changed: `${base}:changed`,
        viewers: `${base}:viewers`,
        looks: `${base}:looks`,
        rebuild: `${base}:rebuild`
      };
      if (known.size >= REMEMBERED) known.clear();
      known.set(id, keys);
      return keys;
    },
    hold: (show, hold) => `${tag(show)}:hold:${hold}`,
    buyer: (show, buyer) => `${tag(show)}:buyer:${buyer}`,
    rebuilt: (show, token, part) => `${tag(show)}:new:${token}:${part}`,
    network: (show, epoch, network) => `${tag(show)}:net:${epoch}:${network}`,
    admission: (show, buyer) => `${tag(show)}:in:${buyer}`,
    load: `${prefix}load`,
    shows: `${prefix}shows`,
    unkept: `${prefix}unkept`,
    logLag: `${prefix}log-lag`,
    showOfExpired: (key) => expired.exec(key)?.[1] ?? null,
    adapter: `${prefix}live`,
    cached: (key) => `${prefix}cache:value:${key}`,
    cacheTag: (tag) => `${prefix}cache:{${tag}}`,
    cacheWriting: `${prefix}cache:{catalogue}:writing`,
    calls: (counted) => `${prefix}calls:${counted}`,
    trace: (hold) => `${prefix}trace:${hold}`,
    once: (hash) => `${prefix}once:${hash}`,
    handOver: (hash) => `${prefix}hand-over:${hash}`
  };
}
