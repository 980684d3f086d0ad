import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Hold, SandboxOutcome } from '#domain/protocol.ts';
import { wallClock } from '../../../server/rehearsal/buyers/frames.ts';
import type { Outcome } from '../history.ts';
import type { Scene } from './line.ts';

/** From a hold to a paid booking over HTTP. Whatever has no answer is asked again under the same key, as a page does. */
const made = z.object({
  booking: z.object({ id: z.string(), seats: z.array(z.number()), total: z.number(), expiresAt: z.string() }),
  payment: z.object({ id: z.string() })
});
const seen = z.object({
  booking: z.object({ status: z.string(), seats: z.array(z.number()), total: z.number() })
});
const problem = z.object({ code: z.string() });

const ANSWER_MS = 6000;
const AGAIN_MS = 500;
/** Nobody tries to pay for longer than they have time to. */
const PATIENCE_MS = 25_000;
/** A message of the gateway that got lost is asked for by the poller, every 15 seconds. */
const CONFIRMED_WITHIN_MS = 60_000;

interface Answer {
  outcome: Outcome;
  code?: string;
  body: unknown;
}

export interface Customer {
  user: string;
  token: string;
}

async function call(
  url: string,
  what: string,
  headers: Record<string, string>,
  body?: object
): Promise<Answer & { at: number; done: number }> {
  const [method = 'GET', path = ''] = what.split(' ');
  const at = wallClock();
  const answer = await fetch(`${url}/api/v1${path}`, {
    ...{ method, headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) } },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(ANSWER_MS)
  })
    .then(async (response): Promise<Answer> => {
      const text: unknown = await response.json().catch(() => null);
      if (response.ok) return { outcome: 'ok', body: text };
      const no = problem.safeParse(text);
      // Without a code it is the proxy's or a crash's: nobody knows what was done.
      return no.success
        ? { outcome: 'refused', code: no.data.code, body: text }
        : { outcome: 'unknown', code: `HTTP ${response.status}`, body: text };
    })
    .catch((error: unknown): Answer => ({ outcome: 'unknown', code: String(error).slice(0, 100), body: null }));
  return { ...answer, at, done: wallClock() };
}

const isEnd = ({ outcome, code }: Answer) =>
  outcome === 'ok' || (outcome === 'refused' && code !== 'BUSY' && code !== 'RATE_LIMITED');

/** `twice`: each try is sent two times at once. Answers whether a booking was made. */
export async function buy(
  scene: Scene,
  { user, token }: Customer,
  buyer: { name: string; token: string },
  mine: Hold,
  decision: SandboxOutcome | 'never',
  twice: boolean
): Promise<boolean> {
  const key = randomUUID();
  const headers = { authorization: `Bearer ${token}`, 'x-buyer-token': buyer.token, 'idempotency-key': key };
  const order = async () => {
    // As the page does: seats that were taken out of the hold meanwhile (a late payment has them) change the price.
    const expectedTotal = mine.seats.length * scene.price;
    const answer = await call(scene.url, 'POST /bookings', headers, { holdId: mine.id, expectedTotal });
    const { outcome, code, at, done, body } = answer;
    const said = { op: 'book' as const, buyer: user, key, hold: mine.id, seats: mine.seats, at, done };
    const why = code === undefined ? {} : { code };
    if (outcome !== 'ok') scene.record({ ...said, outcome, ...why });
    else {
      const { booking } = made.parse(body);
      const got = { booking: booking.id, seats: booking.seats, total: booking.total };
      scene.record({ ...said, outcome, got: { ...got, expires: Date.parse(booking.expiresAt) } });
    }
    return answer;
  };
  let answer: Answer | undefined;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(AGAIN_MS)) {
    const [first, second] = await Promise.all(twice ? [order(), order()] : [order()]);
    answer = second?.outcome === 'ok' ? second : first;
    if (isEnd(answer)) break;
  }
  if (answer?.outcome !== 'ok') return false;
  const { booking, payment } = made.parse(answer.body);
  if (decision !== 'never') await pay(scene, { user, token }, mine.id, booking.id, payment.id, decision);
  return true;
}

async function pay(
  scene: Scene,
  { user, token }: Customer,
  hold: string,
  booking: string,
  payment: string,
  decision: SandboxOutcome
): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() };
  const patient = performance.now() + CONFIRMED_WITHIN_MS;
  for (; performance.now() < patient; await pause(AGAIN_MS)) {
    const answer = await call(scene.url, `POST /payments/${payment}/sandbox`, headers, { outcome: decision });
    const { outcome, code, at, done } = answer;
    const why = code === undefined ? {} : { code };
    scene.record({ op: 'pay', buyer: user, booking, decision, at, done, outcome, ...why });
    if (isEnd(answer)) break;
  }
  if (decision === 'late' || decision === 'decline') return;
  for (; performance.now() < patient; await pause(AGAIN_MS)) {
    const answer = await call(scene.url, `GET /bookings/${booking}`, { authorization: headers.authorization });
    const { outcome, code, at, done, body } = answer;
    const got = outcome === 'ok' ? seen.parse(body).booking : undefined;
    const said = { op: 'look' as const, buyer: user, booking, hold, at, done, outcome };
    // Only what is new is worth a line.
    if (got?.status === 'PENDING') continue;
    scene.record({ ...said, ...(code === undefined ? {} : { code }), ...(got ? { got } : {}) });
    if (got) return;
  }
}
