import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { bookInPostgres, makeShow, plainPlan, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** POST /shows/{id}/holds, over real HTTP. */
let running: Running;
let buyer: string;
let other: string;

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  const token = async () => String((await call(running.url, 'POST /buyers')).body?.['token']);
  [buyer, other] = [await token(), await token()];
}, 120_000);
afterAll(() => running.close());

const holds = (show: MadeShow, who: string, body: unknown, headers: Record<string, string> = {}) =>
  call(running.url, `POST /shows/${show.id}/holds`, { buyer: who, body, headers });
const paths = (body: Record<string, unknown> | null) =>
  (body?.['errors'] as { path: string }[] | undefined)?.map(({ path }) => path);

describe('holding the best available over HTTP', () => {
  it('answers 201 with the hold, and the same hold for the same Idempotency-Key', async () => {
    const show = await makeShow(running.app.db, plainPlan(40, 10));
    const first = await holds(show, buyer, { best: { count: 2 } }, { 'idempotency-key': 'k1' });
    expect([first.status, first.body]).toMatchObject([201, { hold: { showId: show.id, seats: [4, 5] } }]);
    const again = await holds(show, buyer, { best: { count: 2 } }, { 'idempotency-key': 'k1' });
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  it('offers the closest seats with every 409 SEAT_TAKEN', async () => {
    const show = await makeShow(running.app.db, plainPlan(12, 4));
    await holds(show, buyer, { seats: [0, 5, 8] });
    const taken = await holds(show, other, { seats: [8, 9] });
    expect([taken.status, taken.body]).toMatchObject([409, { code: 'SEAT_TAKEN', seats: [8] }]);
    // 9 and 10 would be nearer, but would leave 11 alone.
    expect((taken.body?.['alternatives'] as number[][])[0]).toEqual([6, 7]);
    const none = await holds(show, other, { best: { count: 4 } });
    expect([none.status, none.body]).toMatchObject([409, { code: 'SEAT_TAKEN', seats: [] }]);
    const [split] = none.body?.['alternatives'] as number[][];
    expect((await holds(show, other, { seats: split })).status).toBe(201);
  });

  it('offers them at the checkout too, in the place of a seat that was sold meanwhile', async () => {
    const show = await makeShow(running.app.db, plainPlan(12, 4));
    const account = { email: 'late@test.example', password: 'a long enough password', name: 'Late' };
    const token = String((await call(running.url, 'POST /auth/signup', { body: account })).body?.['token']);
    const held = await call(running.url, `POST /shows/${show.id}/holds`, { token, body: { seats: [4, 5] } });
    await bookInPostgres(running.app.db, show, [5]);
    const { id: holdId } = held.body?.['hold'] as { id: string };
    const headers = { 'idempotency-key': 'late' };
    const answer = await call(running.url, 'POST /bookings', { token, headers, body: { holdId } });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'SEAT_TAKEN', seats: [5] }]);
    expect((answer.body?.['alternatives'] as number[][]).flat()).toContain(1);
  });

  it('answers 422 and the path of what is wrong', async () => {
    const show = await makeShow(running.app.db, generatePlan(120));
    for (const [body, wrong] of [
      [{ best: { count: 0 } }, ['best.count']],
      [{ best: { count: 2, tier: 'royal', area: 'moon' } }, ['best.tier', 'best.area']],
      [{ best: { count: 2, section: 'standing' } }, ['best.section']],
      [{ seats: [1], best: { count: 2 } }, ['seats']],
      [{}, ['seats']],
      [{ seats: [] }, ['seats']]
    ] as const) {
      const answer = await holds(show, buyer, body);
      expect([answer.status, answer.body?.['code'], paths(answer.body)]).toEqual([422, 'INVALID', wrong]);
    }
    const standing = await holds(show, buyer, { best: { count: 2, area: 'standing' } });
    expect([standing.status, standing.body]).toMatchObject([201, { hold: { seats: [90, 91] } }]);
  });
});
