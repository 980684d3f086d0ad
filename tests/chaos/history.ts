import type { AckLine } from '../../server/audit/acks.ts';

/**
 * What the clients did, one entry an operation: asked at `at`, over at `done` (ms since 1970, on the clients' clock). Only
 * an answer of the service is an answer: a timeout, a broken connection or an HTTP 5xx without a refusal is `unknown`. It
 * may have been done, and nobody may build on it.
 */
export type Outcome = 'ok' | 'refused' | 'unknown';

interface Said {
  buyer: string;
  at: number;
  done: number;
  outcome: Outcome;
  /** The refusal's code, or what went wrong. */
  code?: string;
}

export type Op = Said &
  (
    | { op: 'hold'; request: string; seats: number[]; got?: { hold: string; seats: number[]; deadline: number } }
    | { op: 'release'; hold: string; seats: number[] }
    | {
        op: 'book';
        key: string;
        hold: string;
        seats: number[];
        got?: { booking: string; seats: number[]; total: number; expires: number };
      }
    | { op: 'pay'; booking: string; decision: string }
    | { op: 'look'; booking: string; hold: string; got?: { status: string; seats: number[]; total: number } }
  );
export type OpOf<Name extends Op['op']> = Extract<Op, { op: Name }>;

export const opsOf = <Name extends Op['op']>(history: readonly Op[], name: Name): OpOf<Name>[] =>
  history.filter((op): op is OpOf<Name> => op.op === name);

/** Checkouts by their key, with all tries of each in order. */
export function checkoutsOf(history: readonly Op[]): Map<string, OpOf<'book'>[]> {
  const byKey = new Map<string, OpOf<'book'>[]>();
  for (const op of opsOf(history, 'book')) byKey.set(op.key, [...(byKey.get(op.key) ?? []), op]);
  for (const tries of byKey.values()) tries.sort((a, b) => a.done - b.done);
  return byKey;
}

/** How a checkout ended for its buyer: answered, refused for good, or neither. BUSY asks to try again: it is no end. */
export function endOf(tries: readonly OpOf<'book'>[]): Outcome {
  if (tries.some(({ outcome }) => outcome === 'ok')) return 'ok';
  const last = tries.at(-1);
  return last?.outcome === 'refused' && last.code !== 'BUSY' && last.code !== 'RATE_LIMITED' ? 'refused' : 'unknown';
}

/**
 * The history as the audit's acknowledgements. `losses` are the moments at which Redis lost its data: a hold of before
 * that no booking was answered for by then ended there, whatever its buyer was told (I5, "without Redis data loss"). Of
 * before is one that was asked for before: it may have been lost while its answer was on its way.
 */
export function acksOf(history: readonly Op[], losses: readonly number[] = []): AckLine[] {
  const acks: AckLine[] = [];
  const asked = new Map<string, number>();
  const held = new Map<string, { at: number; seats: Set<number> }>();
  const booked = new Map<string, number>();
  for (const op of opsOf(history, 'hold')) asked.set(op.request, Math.min(asked.get(op.request) ?? Infinity, op.at));
  for (const op of opsOf(history, 'hold')) {
    if (!op.got) continue;
    const { hold, seats, deadline } = op.got;
    const sent = asked.get(op.request) ?? op.at;
    acks.push({ what: 'hold', hold, buyer: op.buyer, seats, sent, acked: op.done, deadline });
    const known = held.get(hold) ?? { at: sent, seats: new Set() };
    for (const seat of seats) known.seats.add(seat);
    held.set(hold, known);
  }
  const bookings = new Map<string, { seats: number[]; total: number }>();
  for (const { got, hold, done } of opsOf(history, 'book')) {
    if (!got || bookings.has(got.booking)) continue;
    const { booking, seats, total, expires } = got;
    bookings.set(booking, { seats, total });
    booked.set(hold, done);
    acks.push({ what: 'pending', booking, hold, seats, total, expires });
  }
  const told = new Set<string>();
  for (const { booking, hold, got, done } of opsOf(history, 'look')) {
    if (got?.status !== 'CONFIRMED' || told.has(booking)) continue;
    told.add(booking);
    acks.push({ what: 'confirmed', booking, hold, seats: got.seats, total: got.total, seen: done });
  }
  for (const { hold, seats, at } of opsOf(history, 'release')) acks.push({ what: 'release', hold, seats, sent: at });
  for (const lost of losses) {
    for (const [hold, { at, seats }] of held)
      if (at <= lost && !((booked.get(hold) ?? Infinity) <= lost))
        acks.push({ what: 'release', hold, seats: [...seats], sent: lost });
  }
  return acks;
}
