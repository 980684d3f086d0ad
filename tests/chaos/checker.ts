import type { AuditReport } from '../../server/audit/audit.ts';
import { overlaps } from '../../server/audit/hold-history.ts';
import type { Fault, Invariant } from './faults/fault.ts';
import { acksOf, checkoutsOf, endOf, opsOf, type Op } from './history.ts';
import type { Look } from './watch.ts';

/** A fault as it was played: from the moment it was done until it had ended (ms since 1970). */
export interface Played {
  round: number;
  fault: Fault;
  from: number;
  to: number;
  /** When the last fault of its round had ended. */
  roundTo: number;
  notes: string[];
}

export interface StoredBooking {
  id: string;
  hold: string;
  status: string;
  total: number;
  confirmed: boolean;
  seats: number[];
}

/** Everything that was seen of a run. */
export interface Evidence {
  history: readonly Op[];
  /** When Redis lost its data. */
  losses: readonly number[];
  looks: readonly Look[];
  played: readonly Played[];
  /** Of the moments between the rounds, and of the end. */
  audits: readonly { at: number; report: AuditReport }[];
  bookings: readonly StoredBooking[];
  /** The confirmation of each booking that was ever confirmed, and how often the mail server said yes to it. */
  mails: readonly { booking: string; accepted: number }[];
  /** What was open when the wait for it was given up: work of the outbox, and bookings that wait for a payment. */
  left: number;
  /** At rest: the server's map, and every client's. */
  rest: { server: string | null; clients: readonly { client: number; hash: string }[] };
  /** When the buyers stopped clicking. */
  overAt: number;
  residentAtMost: number;
  /** What faults saw themselves. */
  told: readonly Violation[];
}

export interface Violation {
  invariant: Invariant;
  /** When (ms since 1970); null: it was found when all was over. */
  at: number | null;
  what: string;
  evidence: unknown;
}

const FRESH_WITHIN_MS = 2000;
const FRESH_AFTER_CONNECTING_MS = 5000;
/** The reconciler looks every 30 s, and twice. */
const REPAIR_MS = 65_000;

export interface Verdict {
  broken: Violation[];
  /** What was found where a fault allows it. */
  relaxed: Violation[];
}

export function check(seen: Evidence): Verdict {
  const all = [
    ...seen.told,
    ...doubleSales(seen),
    ...lostBookings(seen),
    ...holdsOverlap(seen),
    ...repeats(seen),
    ...liveLooks(seen),
    ...audited(seen),
    ...staleClients(seen),
    ...headGoesBack(seen),
    ...mailsMissing(seen),
    ...slowRecovery(seen),
    ...failedCheckouts(seen),
    ...tooMuchMemory(seen),
    ...stuck(seen)
  ];
  const relaxed = all.filter((violation) => seen.played.some((played) => allows(played, violation)));
  return { broken: all.filter((violation) => !relaxed.includes(violation)), relaxed };
}

export function allows({ fault, from, to }: Played, { invariant, at }: Violation): boolean {
  const graceMs = fault.relaxes[invariant];
  if (graceMs === undefined) return false;
  return at === null ? graceMs === Infinity : at >= from && at <= to + graceMs;
}

function doubleSales({ looks, history }: Evidence): Violation[] {
  const bySeat = new Map<number, Map<string, number>>();
  for (const { booking, got, done } of opsOf(history, 'look')) {
    if (got?.status !== 'CONFIRMED') continue;
    for (const seat of got.seats) bySeat.set(seat, (bySeat.get(seat) ?? new Map<string, number>()).set(booking, done));
  }
  const told = [...bySeat]
    .filter(([, bookings]) => bookings.size > 1)
    .map(([seat, bookings]) => ({
      ...{
        invariant: 'I1' as const,
        at: Math.max(...bookings.values()),
        what: 'two buyers were told that a seat is theirs'
      },
      evidence: { seat, bookings: Object.fromEntries(bookings) }
    }));
  const seen = looks.flatMap(({ at, doubles }) =>
    (doubles ?? []).map((evidence) => ({
      invariant: 'I1' as const,
      at,
      what: 'a seat has two live bookings',
      evidence
    }))
  );
  return [...told, ...firstOf(seen, ({ evidence }) => String(evidence.seat))];
}

/** I2 and I3: whatever was acknowledged is there, with exactly its seats. */
function lostBookings({ history, bookings }: Evidence): Violation[] {
  const stored = new Map(bookings.map((booking) => [booking.id, booking]));
  const found: Violation[] = [];
  const compare = (id: string, done: number, got: { seats: number[]; total: number }, confirmed: boolean) => {
    const is = stored.get(id);
    const wrong = (invariant: Invariant, what: string) =>
      found.push({ invariant, at: done, what, evidence: { booking: id, acknowledged: got, stored: is ?? null } });
    if (!is) return wrong('I2', 'an acknowledged booking is not there');
    if (confirmed && !is.confirmed) wrong('I2', 'a booking was acknowledged as paid and never was');
    if (is.total !== got.total) wrong('I2', 'an acknowledged booking has another price');
    if (sorted(is.seats) !== sorted(got.seats)) wrong('I3', 'a booking has other seats than its buyer was told');
  };
  for (const { got, done, seats } of opsOf(history, 'book')) {
    if (!got) continue;
    compare(got.booking, done, got, false);
    const missing = seats.filter((seat) => !got.seats.includes(seat));
    if (missing.length > 0)
      found.push({
        invariant: 'I3',
        at: done,
        what: 'a booking has not all seats of its hold',
        evidence: { got, missing }
      });
  }
  for (const { booking, got, done } of opsOf(history, 'look'))
    if (got) compare(booking, done, got, got.status === 'CONFIRMED');
  return found;
}
const sorted = (seats: readonly number[]) => [...seats].sort((a, b) => a - b).join();

const holdsOverlap = ({ history, losses }: Evidence): Violation[] =>
  overlaps(acksOf(history, losses)).map((evidence) => ({
    invariant: 'I5',
    at: evidence.second.acked,
    what: 'two buyers were told that they hold a seat at the same time',
    evidence
  }));

/** I9: one key, one booking; one request, one hold. */
function repeats({ history }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [key, tries] of checkoutsOf(history)) {
    const bookings = [...new Set(tries.flatMap(({ got }) => (got ? [got.booking] : [])))];
    if (bookings.length > 1)
      found.push({
        invariant: 'I9',
        at: tries.at(-1)?.done ?? null,
        what: 'one key made two bookings',
        evidence: { key, bookings }
      });
  }
  const holds = new Map<string, string>();
  for (const { request, got, done } of opsOf(history, 'hold')) {
    if (!got) continue;
    const known = holds.get(request) ?? got.hold;
    holds.set(request, known);
    if (known !== got.hold)
      found.push({
        invariant: 'I9',
        at: done,
        what: 'one click made two holds',
        evidence: { request, holds: [known, got.hold] }
      });
  }
  return found;
}

/** I11 in every look; the rest of what Redis shows when two looks in a row say so; I8 when it is not mended in time. */
function liveLooks({ looks }: Evidence): Violation[] {
  const found: Violation[] = [];
  const since = new Map<string, number>();
  let before = new Set<string>();
  for (const { at, live } of looks) {
    if (live === null) {
      since.clear();
      before = new Set();
      continue;
    }
    const now = new Set(live.map(({ check: name, key }) => `${name}/${key}`));
    for (const key of since.keys()) if (!now.has(key)) since.delete(key);
    for (const { invariant, check: name, key, evidence } of live) {
      const id = `${name}/${key}`;
      const first = since.get(id) ?? at;
      since.set(id, first);
      const stands = name === 'map-follows-books' ? at - first > REPAIR_MS : invariant === 'I11' || before.has(id);
      if (stands) found.push({ invariant, at, what: `${name}: ${key}`, evidence });
    }
    before = now;
  }
  return firstOf(found, ({ what }) => what);
}

/** What the audit gives a minute, which a sale under one fault after the other does not have: it must hold at the end. */
const IN_THE_END = new Set(['mails', 'stuck-work', 'stuck-bookings', 'gateway-books']);

const audited = ({ audits }: Evidence): Violation[] =>
  firstOf(
    audits.flatMap(({ at, report }, n) =>
      report.checks.flatMap(({ invariant, name, says, findings }) =>
        (n < audits.length - 1 && IN_THE_END.has(name) ? [] : findings).map(({ key, evidence }) => ({
          invariant,
          at,
          what: `${name}: ${key}`,
          evidence: { says, ...evidence }
        }))
      )
    ),
    ({ what }) => what
  );

/** L2 while the sale runs: who has been connected for a while is at least where the server was two seconds ago. */
function staleClients({ looks, rest }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const { seen } of looks) {
    for (const { client, at, epoch, version, since } of seen) {
      if (at - since < FRESH_AFTER_CONNECTING_MS) continue;
      const then = looks.findLast((look) => look.head !== null && look.at <= at - FRESH_WITHIN_MS)?.head;
      if (!then || epoch > then.epoch || (epoch === then.epoch && version >= then.version)) continue;
      found.push({
        invariant: 'L2',
        at,
        what: 'a client is behind',
        evidence: { client, epoch, version, server: then }
      });
    }
  }
  const differ = rest.clients.filter(({ hash }) => hash !== rest.server);
  if (differ.length > 0)
    found.push({
      invariant: 'L2',
      at: null,
      what: 'at rest a client sees another map than the server has',
      evidence: differ.slice(0, 5)
    });
  return found;
}

function headGoesBack({ looks }: Evidence): Violation[] {
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

function mailsMissing({ mails, played }: Evidence): Violation[] {
  const may = played.some(({ fault }) => fault.repeatsMails);
  return mails.flatMap(({ booking, accepted }): Violation[] => {
    const what = accepted === 0 ? 'a paid booking has no mail' : accepted > 1 && !may ? 'a mail was sent twice' : null;
    return what === null ? [] : [{ invariant: 'L3', at: null, what, evidence: { booking, accepted } }];
  });
}

/** From the end of a round to the first answer that was asked for after it (ms); null when there was none. */
export function recoveryOf({ history }: Pick<Evidence, 'history'>, { fault, roundTo }: Played): number | null {
  if (!fault.recovers) return null;
  const done = opsOf(history, fault.recovers.what)
    .filter(({ outcome, at }) => outcome === 'ok' && at >= roundTo)
    .reduce((least, op) => Math.min(least, op.done), Infinity);
  return done === Infinity ? null : done - roundTo;
}

function slowRecovery(seen: Evidence): Violation[] {
  return seen.played.flatMap((played): Violation[] => {
    const { recovers } = played.fault;
    // Nobody has clicked for long enough after it to tell.
    if (!recovers || played.roundTo + recovers.withinMs > seen.overAt) return [];
    const took = recoveryOf(seen, played);
    if (took !== null && took <= recovers.withinMs) return [];
    const evidence = { fault: played.fault.id, took, withinMs: recovers.withinMs };
    return [{ invariant: 'L4', at: played.roundTo, what: `no ${recovers.what} in time after the fault`, evidence }];
  });
}

function failedCheckouts({ history, played }: Evidence): Violation[] {
  const strict = played.filter(({ fault }) => fault.noFailedCheckout);
  if (strict.length === 0) return [];
  return [...checkoutsOf(history).values()].flatMap((tries): Violation[] => {
    const at = Math.min(...tries.map((one) => one.at));
    if (endOf(tries) !== 'unknown' || !strict.some(({ from, to }) => at >= from && at <= to)) return [];
    return [{ invariant: 'L4', at, what: 'a checkout failed that had to be answered', evidence: tries }];
  });
}

function tooMuchMemory({ looks, residentAtMost }: Evidence): Violation[] {
  const found = looks.flatMap(({ at, resident }) =>
    Object.entries(resident)
      .filter(([, bytes]) => bytes > residentAtMost)
      .map(([name, bytes]) => ({
        invariant: 'L5' as const,
        at,
        what: `${name} has grown too large`,
        evidence: { bytes }
      }))
  );
  return firstOf(found, ({ what }) => what);
}

const stuck = ({ left }: Evidence): Violation[] =>
  left === 0 ? [] : [{ invariant: 'L6', at: null, what: 'work or bookings that never ended', evidence: { left } }];

function firstOf<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const known = new Set<string>();
  return all.filter((one) => {
    const key = keyOf(one);
    return known.has(key) ? false : known.add(key);
  });
}
