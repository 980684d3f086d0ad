import { firstOf, promisedUntil, type Evidence, type Violation } from '../evidence.ts';
import { later } from '../machine.ts';

/** What the looks saw, one a second. */

/** A page is behind by two seconds at most; one that has just come (back) may take five to read the map. */
const FRESH_WITHIN_MS = 2000;
const FRESH_AFTER_CONNECTING_MS = 5000;
/** What the reconciler (every 30 s, and it looks twice) is there for. */
const REPAIRED_WITHIN_MS = 60_000;

export const twiceInTheBooks = ({ looks }: Evidence): Violation[] =>
  firstOf(
    looks.flatMap(({ at, doubles }) =>
      (doubles ?? []).map((evidence) => ({
        ...{ invariant: 'I1' as const, at, what: 'a seat has two live bookings', evidence }
      }))
    ),
    ({ evidence }) => String(evidence.seat)
  );

/** I11 in every look; the rest of what Redis shows when two looks in a row say so; I8 when it is not mended in time. */
export function liveLooks(seen: Evidence): Violation[] {
  const { looks } = seen;
  const found: Violation[] = [];
  const since = new Map<string, number>();
  let before = new Set<string>();
  for (const { at, live } of looks) {
    const now = new Set((live ?? []).map(({ check, key }) => `${check}/${key}`));
    for (const key of since.keys()) if (!now.has(key)) since.delete(key);
    for (const { invariant, check, key, evidence } of live ?? []) {
      const id = `${check}/${key}`;
      const first = since.get(id) ?? at;
      since.set(id, first);
      const late = at > promisedUntil(first, REPAIRED_WITHIN_MS, 'work', seen);
      const stands = check === 'map-follows-books' ? late : invariant === 'I11' || before.has(id);
      if (stands) found.push({ invariant, at, what: `${check}: ${key}`, evidence });
    }
    before = now;
  }
  return firstOf(found, ({ what }) => what);
}

/** L2 while the sale runs: who has been connected for a while is at least where the server was two seconds ago. */
export function staleClients({ looks }: Evidence): Violation[] {
  const found: Violation[] = [];
  /** The heads, and from when on they must have been seen. */
  const heads = looks.flatMap(({ at, head }) => (head ? [{ head, by: later(at, FRESH_WITHIN_MS, looks) }] : []));
  for (const { client, at, epoch, version, since } of looks.flatMap(({ seen }) => seen)) {
    if (at < later(since, FRESH_AFTER_CONNECTING_MS, looks)) continue;
    const then = heads.findLast(({ by }) => by <= at)?.head;
    if (!then || epoch > then.epoch || (epoch === then.epoch && version >= then.version)) continue;
    const evidence = { client, epoch, version, server: then };
    found.push({ invariant: 'L2', at, what: 'a client is behind', evidence });
  }
  return found;
}

export function differAtRest({ rest }: Evidence): Violation[] {
  const differ = rest.clients.filter(({ hash }) => hash !== rest.server);
  if (differ.length === 0) return [];
  const what = 'at rest a client sees another map than the server has';
  return [{ invariant: 'L2', at: null, what, evidence: differ.slice(0, 5) }];
}

export function versionGoesBack({ looks }: Evidence): Violation[] {
  const found: Violation[] = [];
  let last: { epoch: number; version: number } | null = null;
  for (const { at, head } of looks) {
    if (!head) continue;
    if (last && (head.epoch < last.epoch || (head.epoch === last.epoch && head.version < last.version)))
      found.push({ invariant: 'L2', at, what: 'the version went back', evidence: { from: last, to: head } });
    last = head;
  }
  return found;
}

export function tooMuchMemory({ looks, residentAtMost }: Evidence): Violation[] {
  const found = looks.flatMap(({ at, resident }) =>
    Object.entries(resident)
      .filter(([, bytes]) => bytes > residentAtMost)
      .map(([name, bytes]) => ({
        ...{ invariant: 'L5' as const, at, what: `${name} is too large` },
        evidence: { bytes }
      }))
  );
  return firstOf(found, ({ what }) => what);
}
