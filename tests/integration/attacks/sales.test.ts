import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Door } from '../../../server/check-in/door.ts';
import type { Running } from '../../../server/serve.ts';
import { call, startApi, type Answer } from '../api-server.ts';
import { codeOf, makeBuyer, must, until } from '../house.ts';
import { idOf } from '../organizers.ts';
import { givenBack, organizerOf, unbalanced } from '../refund-house.ts';
import { makeShow, type MadeShow } from '../shows.ts';
import { makeConfig } from '../stack.ts';
import { bookWithTickets } from '../ticketed.ts';

/** S25, S27: paying less, skipping a step, and asking for one thing fifty times at once. */
const TIMES = 50;
let running: Running;

beforeAll(async () => {
  running = await startApi(await makeConfig());
});
afterAll(() => running.close());

const db = () => running.app.db;
type Buyer = Awaited<ReturnType<typeof makeBuyer>>;

/** A session without the cost of a password. */
async function tokenOf(user: string): Promise<string> {
  const token = randomUUID().replaceAll('-', '');
  await db().query(`insert into user_session (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`, [
    running.app.accounts.sessionId(token),
    user
  ]);
  return token;
}
async function client() {
  const buyer = await makeBuyer(db());
  const token = await tokenOf(buyer.user.id);
  const ask = (what: string, body?: object, headers: Record<string, string> = {}) =>
    call(running.url, what, { token, ...(body ? { body } : {}), headers });
  return { buyer, ask };
}
type Client = Awaited<ReturnType<typeof client>>;

const code = ({ status, body }: Answer) => (status < 300 ? 'OK' : String(body?.['code']));
const part = (answer: Answer, name: string) => answer.body?.[name] as Record<string, unknown>;
const holdOf = async (by: Client, show: MadeShow, seats: number[]) =>
  String(part(await by.ask(`POST /shows/${show.id}/holds`, { seats }), 'hold')['id']);
const book = (by: Client, body: object, key: string = randomUUID()) =>
  by.ask('POST /bookings', body, { 'idempotency-key': key });
async function paid(by: Client, show: MadeShow, seats: number[]) {
  const made = await book(by, { holdId: await holdOf(by, show, seats) });
  const [id, payment] = [String(part(made, 'booking')['id']), String(part(made, 'payment')['id'])];
  await by.ask(`POST /payments/${payment}/sandbox`, { outcome: 'success' });
  await until('confirmed', async () => part(await by.ask(`GET /bookings/${id}`), 'booking')['status'] === 'CONFIRMED');
  return { id, payment };
}
const many = <T>(work: (n: number) => Promise<T>, times = TIMES) =>
  Promise.all(Array.from({ length: times }, (_, n) => work(n)));
const count = (codes: string[], what: string) => codes.filter((one) => one === what).length;

describe('S25: whoever writes the request themselves', () => {
  it('pays what the seats cost, whatever they say', async () => {
    const show = await makeShow(db(), 12);
    const eve = await client();
    const holdId = await holdOf(eve, show, [1, 2]);
    for (const extra of [
      { total: 1 },
      { price: 1 },
      { currency: 'IDR' },
      { seats: [1] },
      { status: 'CONFIRMED' },
      { userId: randomUUID() }
    ]) {
      expect(code(await book(eve, { holdId, ...extra })), JSON.stringify(extra)).toBe('INVALID');
    }
    expect(code(await book(eve, { holdId, expectedTotal: 1 }))).toBe('PRICE_CHANGED');
    expect(code(await book(eve, { holdId, types: { 1: 'for-free' } }))).not.toBe('OK');
    // A type for a seat that is not in the hold, and a code that nobody gave out.
    expect(code(await book(eve, { holdId, types: { 7: 'standard' } }))).not.toBe('OK');
    expect(code(await book(eve, { holdId, promoCode: 'FREE' }))).toBe('CODE_REFUSED');
    expect(part(await book(eve, { holdId }), 'booking')).toMatchObject({ total: 5000, currency: 'EUR', seats: [1, 2] });
  });

  it('books no hold of another, no hold that is over, and no hold that there never was', async () => {
    const [show, other] = [await makeShow(db(), 12), await makeShow(db(), 12)];
    const [ada, eve] = [await client(), await client()];
    const holdId = await holdOf(ada, show, [3]);
    expect(code(await book(eve, { holdId }))).toBe('NOT_FOUND');
    expect(code(await eve.ask(`PATCH /holds/${holdId}`))).toBe('NOT_FOUND');
    expect(code(await eve.ask(`DELETE /holds/${holdId}`))).toBe('NOT_FOUND');
    // The hold of one show under the name of another.
    const [, rest = ''] = holdId.split('.');
    for (const forged of [
      `${other.id}.${rest}`,
      `${show.id}.${'0'.repeat(rest.length)}`,
      rest,
      `${show.id}.`,
      '*',
      '{show:x}'
    ]) {
      expect(['NOT_FOUND', 'HOLD_EXPIRED', 'INVALID'], forged).toContain(code(await book(ada, { holdId: forged })));
    }
    expect(code(await ada.ask(`DELETE /holds/${holdId}`))).toBe('OK');
    expect(['NOT_FOUND', 'HOLD_EXPIRED']).toContain(code(await book(ada, { holdId })));
    const { rows } = await db().query('select 1 from booking where show_id = any ($1)', [[show.id, other.id]]);
    expect(rows).toEqual([]);
  });

  it('skips no step: no ticket before the money, no second decision, nothing given back that was not paid', async () => {
    const show = await makeShow(db(), 12);
    const eve = await client();
    const made = await book(eve, { holdId: await holdOf(eve, show, [4]) });
    const [id, payment] = [String(part(made, 'booking')['id']), String(part(made, 'payment')['id'])];
    expect((await eve.ask(`GET /bookings/${id}`)).body?.['tickets']).toEqual([]);
    expect((await eve.ask(`GET /bookings/${id}/tickets.pdf`)).status).toBeGreaterThanOrEqual(400);
    await eve.ask(`POST /payments/${payment}/sandbox`, { outcome: 'decline' });
    await until('declined', async () => part(await eve.ask(`GET /bookings/${id}`), 'payment')['status'] === 'FAILED');
    // What was declined is not made good by deciding once more.
    expect(code(await eve.ask(`POST /payments/${payment}/sandbox`, { outcome: 'success' }))).toBe('ALREADY_USED');
    expect(part(await eve.ask(`GET /bookings/${id}`), 'payment')['status']).toBe('FAILED');
    await eve.ask(`POST /bookings/${id}/cancel`);
    const { rows } = await db().query('select 1 from refund where booking_id = $1', [id]);
    expect(rows).toEqual([]);
    expect((await db().query('select 1 from ticket where booking_id = $1', [id])).rows).toEqual([]);
  });

  it('holds no seat that the show does not have, and none of a show that is not on sale', async () => {
    const show = await makeShow(db(), 12);
    const eve = await client();
    const hold = async (seats: unknown) => code(await eve.ask(`POST /shows/${show.id}/holds`, { seats }));
    for (const seats of [[12], [-1], [1.5], ['1'], [1, 1], Array.from({ length: 51 }, (_, n) => n)]) {
      expect(await hold(seats), JSON.stringify(seats)).toBe('INVALID');
    }
    await db().query(
      `update show set sale_opens_at = now() + interval '1 day', sale_closes_at = now() + interval '2 days' where id = $1`,
      [show.id]
    );
    must((await running.app.seats.setSale(show.id)) ?? null);
    expect(['SALE_CLOSED', 'SALE_PAUSED']).toContain(await hold([1]));
  });
});

describe('S27: fifty at once', () => {
  it('of one promo code with one use left are one booking', async () => {
    const show = await makeShow(db(), 60);
    const organizer = await tokenOf(show.organizerId);
    const promo = {
      code: `LAST${randomUUID().slice(0, 8)}`.toUpperCase(),
      off: { share: 5000 },
      shows: [show.id],
      usesMax: 1
    };
    const promoId = idOf(await call(running.url, 'POST /promo-codes', { token: organizer, body: promo }));
    const answers = await many(async (seat) => {
      const buyer = await makeBuyer(db());
      const hold = must(await running.app.seats.hold(show.id, buyer.buyer, [seat], 'r'));
      return running.app.booking.checkout(buyer, { holdId: hold.id, promoCode: promo.code }, 'key');
    });
    expect(count(answers.map(codeOf), 'OK')).toBe(1);
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['OK', 'CODE_REFUSED']));
    const { rows } = await db().query('select 1 from booking where show_id = $1', [show.id]);
    expect(rows).toHaveLength(1);
    expect(promoId).not.toBe('');
  });

  it('clicks of one buyer are no more seats than the cap', async () => {
    const show = await makeShow(db(), 60, { cap: 8 });
    const ada = await client();
    const codes = (await many((seat) => ada.ask(`POST /shows/${show.id}/holds`, { seats: [seat] }))).map(code);
    expect(count(codes, 'OK')).toBe(8);
    expect(count(codes, 'CAP_REACHED')).toBe(TIMES - 8);
  });

  it('of one checkout are one booking and one payment', async () => {
    const show = await makeShow(db(), 12);
    const ada = await client();
    const holdId = await holdOf(ada, show, [1, 2]);
    const answers = await many((n) => book(ada, { holdId }, `key ${n % 5}`));
    expect(
      new Set(answers.flatMap((one) => (one.status === 201 ? [String(part(one, 'booking')['id'])] : []))).size
    ).toBe(1);
    const { rows } = await db().query<{ bookings: number; payments: number }>(
      `select count(distinct b.id) as bookings, count(p.id) as payments from booking b join payment p on p.booking_id = b.id where b.show_id = $1`,
      [show.id]
    );
    expect(rows).toEqual([{ bookings: 1, payments: 1 }]);
  });

  it('cancellations of one booking give its money back once', async () => {
    const show = await makeShow(db(), 12);
    const ada = await client();
    const { id, payment } = await paid(ada, show, [1, 2]);
    const codes = (await many(() => ada.ask(`POST /bookings/${id}/cancel`))).map(code);
    expect(count(codes, 'OK')).toBeGreaterThan(0);
    await until('the money', async () => (await givenBack(db(), payment)).length > 0);
    expect(await givenBack(db(), payment)).toEqual([5000]);
    expect(await unbalanced(db())).toEqual([]);
  });

  it('refunds of one booking by its organizer give its money back once', async () => {
    const show = await makeShow(db(), 12);
    const { id, payment } = await paid(await client(), show, [1, 2]);
    const by = organizerOf(show);
    await many((n) => running.app.booking.refund(by, id, n % 2 ? { seats: [1], reason: 'race' } : { reason: 'race' }));
    await until('the money', async () => (await givenBack(db(), payment)).reduce((sum, one) => sum + one, 0) >= 5000);
    expect((await givenBack(db(), payment)).reduce((sum, one) => sum + one, 0)).toBe(5000);
    expect(await unbalanced(db())).toEqual([]);
  });

  it('decisions of one payment settle it once', async () => {
    const show = await makeShow(db(), 12);
    const ada = await client();
    const made = await book(ada, { holdId: await holdOf(ada, show, [1]) });
    const [id, payment] = [String(part(made, 'booking')['id']), String(part(made, 'payment')['id'])];
    await many(() => ada.ask(`POST /payments/${payment}/sandbox`, { outcome: 'duplicate' }));
    await until(
      'confirmed',
      async () => part(await ada.ask(`GET /bookings/${id}`), 'booking')['status'] === 'CONFIRMED'
    );
    const { rows } = await db().query('select 1 from ticket where booking_id = $1', [id]);
    expect(rows).toHaveLength(1);
    expect(await unbalanced(db())).toEqual([]);
  });

  it('scans of one ticket let one person in', async () => {
    const show = await makeShow(db(), 12);
    const { tickets } = await bookWithTickets(db(), show, [1]);
    const owner: Buyer['user'] = { id: show.organizerId, email: 'o@test.example', name: 'O', role: 'organizer' };
    const door: Door = must(await running.app.checkIn.doorOf(owner));
    const ticket = running.app.tickets.codes.sign(tickets[0]?.id ?? '');
    const codes = (
      await many((n) => running.app.checkIn.admit(door, { code: ticket, showId: show.id, gate: `${n}` }))
    ).map(codeOf);
    expect(codes.toSorted()).toEqual([...Array<string>(TIMES - 1).fill('ALREADY_USED'), 'OK']);
  });
});
