import { LRUCache } from 'lru-cache';

/**
 * Slows down whoever tries passwords. A few wrong ones are free; then each costs a wait twice as long as the last, up
 * to a limit: a person who comes back later gets in, a list of passwords does not. Counted for an account (whatever
 * networks the tries come from) and for a network (whatever accounts they are for). A network from which the right
 * password came before has a count of its own, so that strangers cannot keep an account's owner out.
 */
export interface WrongPasswords {
  /**
   * To be called before a password is checked. Counts the try as wrong until `right` says otherwise, without a pause
   * in between, so that many at once cannot slip through together. Answers the seconds to wait, 0 to go on.
   */
  tried(account: string, network: string | null): number;
  right(account: string, network: string | null): void;
  /** The password could not be checked: the try does not count. */
  unchecked(account: string, network: string | null): void;
}

interface Patience {
  free: number;
  longestMs: number;
  forgottenAfterMs: number;
}
const MINUTE = 60_000;
const FOR_ACCOUNT: Patience = { free: 5, longestMs: 15 * MINUTE, forgottenAfterMs: 24 * 60 * MINUTE };
/** An office or a school has one address for many people. */
const FOR_NETWORK: Patience = { free: 50, longestMs: 5 * MINUTE, forgottenAfterMs: 60 * MINUTE };
/** So many names are remembered at most, the latest: inventing names must not fill the memory. */
const NAMES = 50_000;

interface Tries {
  count: number;
  waitUntil: number;
}

export function createWrongPasswords(now: () => number = Date.now): WrongPasswords {
  const perf = { now };
  const accounts = new LRUCache<string, Tries>({ max: NAMES, ttl: FOR_ACCOUNT.forgottenAfterMs, perf });
  const networks = new LRUCache<string, Tries>({ max: NAMES, ttl: FOR_NETWORK.forgottenAfterMs, perf });
  const homes = new LRUCache<string, true>({ max: NAMES });
  const home = (account: string, network: string) => `${account} at ${network}`;
  const keyOf = (account: string, network: string | null) =>
    network !== null && homes.has(home(account, network)) ? home(account, network) : account;

  const waitMs = (of: LRUCache<string, Tries>, key: string) => Math.max(0, (of.get(key)?.waitUntil ?? 0) - now());
  const count = (of: LRUCache<string, Tries>, key: string, { free, longestMs }: Patience) => {
    const tries = (of.get(key)?.count ?? 0) + 1;
    const wait = tries > free ? Math.min(longestMs, 1000 * 2 ** Math.min(tries - free - 1, 20)) : 0;
    of.set(key, { count: tries, waitUntil: now() + wait });
  };

  const takeBack = (of: LRUCache<string, Tries>, key: string) => {
    const tries = of.get(key);
    if (tries) of.set(key, { count: Math.max(0, tries.count - 1), waitUntil: 0 });
  };

  return {
    tried(account, network) {
      const key = keyOf(account, network);
      const wait = Math.max(waitMs(accounts, key), network === null ? 0 : waitMs(networks, network));
      if (wait > 0) return Math.ceil(wait / 1000);
      count(accounts, key, FOR_ACCOUNT);
      if (network !== null) count(networks, network, FOR_NETWORK);
      return 0;
    },
    right(account, network) {
      accounts.delete(keyOf(account, network));
      if (network === null) return;
      homes.set(home(account, network), true);
      takeBack(networks, network);
    },
    unchecked(account, network) {
      takeBack(accounts, keyOf(account, network));
      if (network !== null) takeBack(networks, network);
    }
  };
}
