import { overlaps } from '../../../server/audit/hold-history.ts';
import type { Evidence, Violation } from '../evidence.ts';
import type { Invariant } from '../faults/fault.ts';
import { acksOf, checkoutsOf, endOf, opsOf } from '../history.ts';

/** What the clients were answered, against each other and against what is stored. */

export function doubleSales({ history }: Evidence): Violation[] {
  const bySeat = new Map<number, Map<string, number>>();
  for (const { booking, got, done } of opsOf(history, 'look')) {
    if (got?.status !== 'CONFIRMED') continue;
    for (const seat of got.seats) bySeat.set(seat, (bySeat.get(seat) ?? new Map<string, number>()).set(booking, done));
  }
  return [...bySeat]
    .filter(([, bookings]) => bookings.size > 1)
    .map(([seat, bookings]) => ({
      invariant: 'I1',
      at: Math.max(...bookings.values()),
      what: 'two buyers were told that a seat is theirs',
      evidence: { seat, bookings: Object.fromEntries(bookings) }
    }));
}

/** I2 and I3: whatever was acknowledged is there, with exactly its seats. */
export function lostBookings({ history, bookings }: Evidence): Violation[] {
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
    const what = 'a booking has not all seats of its hold';
    if (missing.length > 0) found.push({ invariant: 'I3', at: done, what, evidence: { got, missing } });
  }
  for (const { booking, got, done } of opsOf(history, 'look'))
    if (got) compare(booking, done, got, got.status === 'CONFIRMED');
  return found;
}
const sorted = (seats: readonly number[]) => [...seats].sort((a, b) => a - b).join();

export const holdsOverlap = ({ history, losses }: Evidence): Violation[] =>
  overlaps(acksOf(history, losses)).map((evidence) => ({
    invariant: 'I5',
    at: evidence.second.acked,
    what: 'two buyers were told that they hold a seat at the same time',
    evidence
  }));

/** I9: one key, one booking; one request, one hold. */
export function repeats({ history }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [key, tries] of checkoutsOf(history)) {
    const bookings = [...new Set(tries.flatMap(({ got }) => (got ? [got.booking] : [])))];
    const [at, what] = [tries.at(-1)?.done ?? null, 'one key made two bookings'];
    if (bookings.length > 1) found.push({ invariant: 'I9', at, what, evidence: { key, bookings } });
  }
  const holds = new Map<string, string>();
  for (const { request, got, done } of opsOf(history, 'hold')) {
    if (!got) continue;
    const known = holds.get(request) ?? got.hold;
    holds.set(request, known);
    const evidence = { request, holds: [known, got.hold] };
    if (known !== got.hold) found.push({ invariant: 'I9', at: done, what: 'one click made two holds', evidence });
  }
  return found;
}

/** L4: every buyer here is signed in. Who is told to sign in, because nobody can look now, is told what does not help. */
export const sentAway = ({ history }: Evidence): Violation[] =>
  history
    .filter(({ code }) => code === 'UNAUTHENTICATED')
    .map(({ at, ...evidence }) => ({
      invariant: 'L4',
      at,
      what: 'a buyer who is signed in is told to sign in',
      evidence
    }));

/** L4: while some faults last every checkout has to end in an answer. */
export function failedCheckouts({ history, played }: Evidence): Violation[] {
  const strict = played.filter(({ fault }) => fault.noFailedCheckout);
  if (strict.length === 0) return [];
  return [...checkoutsOf(history).values()].flatMap((tries): Violation[] => {
    const at = Math.min(...tries.map((one) => one.at));
    if (endOf(tries) !== 'unknown' || !strict.some(({ from, to }) => at >= from && at <= to)) return [];
    return [{ invariant: 'L4', at, what: 'a checkout failed that had to be answered', evidence: tries }];
  });
}
