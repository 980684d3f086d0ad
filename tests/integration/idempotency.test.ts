import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** The same Idempotency-Key: the same answer, and nothing is done twice. */
let running: Running;
let otto: Person;
let ada: Person;
let showId: string;
let free = 0;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  [otto, ada] = [await person(running, 'organizer'), await person(running)];
  ({ showId } = await makeDesk(running, otto));
});
afterAll(() => running.close());

const send = (what: string, by: Person, key: string, body?: unknown) =>
  call(running.url, what, {
    ...{ token: by.token, headers: { 'idempotency-key': key } },
    ...(body === undefined ? {} : { body })
  });
const seen = ({ status, text, headers }: Answer) => ({ status, text, replayed: headers.get('idempotent-replayed') });
const count = async (sql: string, ...values: unknown[]) =>
  (await running.app.db.query<{ n: number }>(`select count(*) as n from ${sql}`, values)).rows[0]?.n;

/** Two seats that Ada has booked and paid for. */
async function bought(by = ada) {
  const seats = [free++, free++];
  const hold = await send(`POST /shows/${showId}/holds`, by, `hold ${free}`, { seats });
  const { id: holdId } = hold.body?.['hold'] as { id: string };
  const made = await send('POST /bookings', by, holdId, { holdId });
  const { booking, payment } = made.body as { booking: { id: string }; payment: { id: string } };
  await send(`POST /payments/${payment.id}/sandbox`, by, `pay ${payment.id}`, { outcome: 'success' });
  return { id: booking.id, paymentId: payment.id, seats };
}

/** Whatever is asked twice: once more it answers the same, at once too; otherwise it refuses. */
async function promises(what: string, by: Person, body: unknown, other: unknown) {
  const key = `${what} ${free}`;
  const both = await Promise.all([send(what, by, key, body), send(what, by, key, body)]);
  const [first, second] = both.map(seen);
  expect(first?.status, both[0].text).toBeLessThan(300);
  expect(second).toMatchObject({ status: first?.status, text: first?.text });
  expect(both.map(({ headers }) => headers.get('idempotent-replayed')).sort()).toEqual([null, 'true']);
  expect(seen(await send(what, by, key, body))).toEqual({ status: first?.status, text: first?.text, replayed: 'true' });
  const otherwise = await send(what, by, key, other);
  expect([otherwise.status, otherwise.body?.['code']]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
  return both[0];
}

describe('seats', () => {
  it('are held once, and released ones are not held again by the answer', async () => {
    const seats = [100, 101];
    const held = await promises(`POST /shows/${showId}/holds`, ada, { seats }, { seats: [102] });
    const { id } = held.body?.['hold'] as { id: string };
    expect((await call(running.url, `DELETE /holds/${id}`, { token: ada.token })).status).toBe(204);
    const again = await send(`POST /shows/${showId}/holds`, ada, `POST /shows/${showId}/holds ${free}`, { seats });
    expect(seen(again)).toMatchObject({ status: 201, text: held.text, replayed: 'true' });
    const other = await person(running);
    expect((await send(`POST /shows/${showId}/holds`, other, 'mine', { seats })).status).toBe(201);
  });

  it('of a refusal stay refused under its key, and what was not valid may be mended', async () => {
    const path = `POST /shows/${showId}/holds`;
    const [eve, bob] = [await person(running), await person(running)];
    expect((await send(path, eve, 'e', { seats: [90] })).status).toBe(201);
    const taken = await send(path, bob, 'b', { seats: [90] });
    expect([taken.status, taken.body?.['code']]).toEqual([409, 'SEAT_TAKEN']);
    expect(seen(await send(path, bob, 'b', { seats: [90] }))).toMatchObject({ text: taken.text, replayed: 'true' });
    expect((await send(path, bob, 'c', { seats: [] })).status).toBe(422);
    expect((await send(path, bob, 'c', { seats: [91] })).status).toBe(201);
    expect((await send(path, bob, 'x'.repeat(201), { seats: [92] })).status).toBe(422);
  });

  it('are blocked once', async () => {
    const [body, other] = [
      { seats: [110], reason: 'A pillar' },
      { seats: [111], reason: 'A pillar' }
    ];
    await promises(`POST /shows/${showId}/blocks`, otto, body, other);
    expect(await count(`audit_log where kind = 'show' and thing_id = $1 and action = 'block seats'`, showId)).toBe(1);
  });

  it('under the key of somebody else are another request', async () => {
    const path = `POST /shows/${showId}/holds`;
    const [eve, bob] = [await person(running), await person(running)];
    const first = await send(path, eve, 'shared', { seats: [94] });
    const second = await send(path, bob, 'shared', { seats: [95] });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(seen(second).replayed).toBeNull();
  });
});

describe('money', () => {
  it('goes back to a customer once', async () => {
    const { id } = await bought();
    const both = await Promise.all([1, 2].map(() => send(`POST /bookings/${id}/cancel`, ada, 'give up')));
    expect(both[0]?.status).toBe(200);
    expect(both[1]?.text).toBe(both[0]?.text);
    const other = await send(`POST /bookings/${(await bought()).id}/cancel`, ada, 'give up');
    expect([other.status, other.body?.['code']]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect(await count('refund where booking_id = $1', id)).toBe(1);
  });

  it('is given back by the desk once, seat by seat', async () => {
    const { id, seats } = await bought();
    const [body, other] = [
      { seats: [seats[0]], reason: 'Ill' },
      { seats: [seats[1]], reason: 'Ill' }
    ];
    await promises(`POST /admin/bookings/${id}/refund`, otto, body, other);
    expect(await count('refund where booking_id = $1', id)).toBe(1);
    const later = await send(`POST /admin/bookings/${id}/refund`, otto, 'another wish', other);
    expect(later.status).toBe(200);
    expect(await count('refund where booking_id = $1', id)).toBe(2);
  });

  it('is not given back again when the process died before it could answer', async () => {
    const { id, seats } = await bought();
    const body = { seats: [seats[0]], reason: 'Ill' };
    const first = await send(`POST /admin/bookings/${id}/refund`, otto, 'lost answer', body);
    await running.app.db.query(
      `update idempotent_request set status = null, body = null, leased_until = now() - interval '1 second' where key = 'lost answer'`
    );
    const again = await send(`POST /admin/bookings/${id}/refund`, otto, 'lost answer', body);
    const refundOf = (answer: Answer) => (answer.body?.['refund'] as { id: string } | undefined)?.id;
    expect([again.status, refundOf(again)]).toEqual([200, refundOf(first)]);
    expect(seen(again).replayed).toBeNull();
    expect(await count('refund where booking_id = $1', id)).toBe(1);
  });

  it('is decided once in the sandbox', async () => {
    const hold = await send(`POST /shows/${showId}/holds`, ada, 'to pay', { seats: [60] });
    const { id: holdId } = hold.body?.['hold'] as { id: string };
    const { payment } = (await send('POST /bookings', ada, holdId, { holdId })).body as { payment: { id: string } };
    await promises(`POST /payments/${payment.id}/sandbox`, ada, { outcome: 'success' }, { outcome: 'decline' });
  });

  it('of a whole show goes back once', async () => {
    const desk = await makeDesk(running, otto, 'Other');
    await promises(`POST /shows/${desk.showId}/cancel`, otto, { reason: 'Flood' }, { reason: 'Fire' });
    expect(await count(`audit_log where thing_id = $1 and action = 'cancel'`, desk.showId)).toBe(1);
  });

  it('is remembered where no loss of Redis can reach', async () => {
    const { id } = await bought();
    const first = await send(`POST /bookings/${id}/cancel`, ada, 'kept');
    const { rows } = await running.app.db.query<{ body: string }>(
      `select body from idempotent_request where key = 'kept'`
    );
    expect(rows.map(({ body }) => body)).toEqual([first.text]);
  });
});
