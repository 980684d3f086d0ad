import { z } from 'zod';
import { firstOf, promisedUntil, type Evidence, type FollowUp, type Played, type Violation } from '../evidence.ts';
import type { Invariant } from '../faults/fault.ts';
import { opsOf, type Op } from '../history.ts';
import { later } from '../machine.ts';
import type { Look } from '../watch.ts';

/** What comes of the sale: the audits, and whether everything that follows a commit was done, once and in time. */

/** From the end of what stood in its way, or from when it was due: mails, and all that follows a commit. */
export const FOLLOWS_WITHIN_MS = 60_000;
/** The mail server’s yes is written down at once; on its way to the disk it may be met by a fault so much later. */
const WRITTEN_WITHIN_MS = 2000;

type Evident = Record<string, unknown>;

/**
 * Findings that time alone can make right, and that the audit, which gives every one a minute, reports while a fault is in
 * their way. In the middle of a sale they are judged elsewhere, by the moments at which they were due, done or first seen
 * and by when each fault ended (`endsInTime`, `liveLooks`); the last audit takes them as they are.
 */
const IN_TIME: Record<string, (evidence: Evident) => boolean> = {
  mails: () => true,
  'stuck-work': () => true,
  'stuck-bookings': () => true,
  'gateway-books': ({ problem }) => problem === 'the gateway was paid and we do not know',
  'map-follows-books': () => true
};

export function audited({ audits, looks, history, losses }: Evidence): Violation[] {
  const found = audits.flatMap(({ at, report }, n) =>
    report.checks.flatMap(({ invariant, name, says, findings }) =>
      findings
        .filter(({ evidence }) => n === audits.length - 1 || !IN_TIME[name]?.(evidence))
        .filter(({ evidence }) => losses.length === 0 || !onlyItsNameIsLost(history, evidence))
        .map(({ key, evidence }) => ({
          ...{ invariant, at: writtenAt(looks, evidence, at), what: `${name}: ${key}` },
          evidence: { says, ...evidence }
        }))
    )
  );
  return firstOf(found, ({ what }) => what);
}

const told = z.object({ second: z.object({ acked: z.number() }) });

/** What is wrong with an entry of the log, or an answer, was wrong when it was written or given, not when it was read. */
function writtenAt(looks: readonly Look[], evidence: Evident, at: number): number {
  const answered = told.safeParse(evidence);
  if (answered.success) return answered.data.second.acked;
  const { version } = evidence;
  if (typeof version !== 'number') return at;
  const epoch = looks.findLast((look) => look.head !== null && look.at <= at)?.head?.epoch;
  return looks.find(({ head }) => head !== null && head.epoch === epoch && head.version >= version)?.at ?? at;
}

/**
 * At checkout a guest's hold becomes the account's. Where Redis lost just that, it goes on under the guest's name, and the
 * log names the guest. The clients know better: this guest was given the hold, and this account has booked it.
 */
function onlyItsNameIsLost(history: readonly Op[], { problem, hold }: Evident): boolean {
  if (typeof problem !== 'string' || typeof hold !== 'string') return false;
  const guests = opsOf(history, 'hold').filter(({ got }) => got?.hold === hold);
  const accounts = opsOf(history, 'book').filter((op) => op.hold === hold && op.got);
  return guests.some(({ buyer: guest }) =>
    accounts.some(({ buyer: user }) => problem === `it was ${guest}’s, and the booking is ${user}’s`)
  );
}

/** L3: no mail is missing, and there is a second copy only of what a killed worker could not write down. */
export function mailsMissing({ mails, played }: Evidence): Violation[] {
  const killed = played.filter(({ fault }) => fault.killsWorker);
  const unwritten = (at: number) => killed.some(({ from, to }) => at >= from - WRITTEN_WITHIN_MS && at <= to);
  return mails.flatMap(({ booking, accepted }): Violation[] => {
    const copied = [...accepted].sort((a, b) => a - b).slice(0, -1);
    const twice = copied.some((at) => !unwritten(at)) ? 'a mail was sent twice' : null;
    const what = accepted.length === 0 ? 'a paid booking has no mail' : twice;
    return what === null ? [] : [{ invariant: 'L3', at: null, what, evidence: { booking, accepted } }];
  });
}

const kindOf = ({ kind }: FollowUp): { invariant: Invariant; of: 'mails' | 'work' } => {
  if (kind.startsWith('mail.')) return { invariant: 'L3', of: 'mails' };
  return { invariant: kind === 'payment' ? 'I4' : 'L6', of: 'work' };
};

/** L3, L6 and, for what the gateway was paid, I4: a minute from the end of what was in the way. */
export function endsInTime(seen: Evidence): Violation[] {
  const { slow, endAt } = seen;
  return slow.flatMap((one): Violation[] => {
    const { invariant, of } = kindOf(one);
    const until = promisedUntil(one.due, FOLLOWS_WITHIN_MS, of, seen);
    const done = one.done ?? endAt;
    if (done <= until) return [];
    const evidence = { ...one, due: new Date(one.due), lateMs: Math.round(done - until) };
    return [{ invariant, at: until, what: `${one.kind} came too late`, evidence }];
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

export function slowRecovery(seen: Evidence): Violation[] {
  return seen.played.flatMap((played): Violation[] => {
    const { recovers } = played.fault;
    if (!recovers) return [];
    const until = later(played.roundTo, recovers.withinMs, seen.looks);
    // Nobody has clicked for long enough after it to tell.
    if (until > seen.overAt) return [];
    const took = recoveryOf(seen, played);
    if (took !== null && played.roundTo + took <= until) return [];
    const evidence = { fault: played.fault.id, took, withinMs: recovers.withinMs };
    return [{ invariant: 'L4', at: played.roundTo, what: `no ${recovers.what} in time after the fault`, evidence }];
  });
}

export const stuck = ({ left }: Evidence): Violation[] =>
  left === 0 ? [] : [{ invariant: 'L6', at: null, what: 'work or bookings that never ended', evidence: { left } }];
