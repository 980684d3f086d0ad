import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { nameSeats, plan as planSchema } from '../../src/lib/domain/plan.ts';
import { until as comes } from './house.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';
import { until, visitorsOf } from './visitors.ts';

/** Cancelling and refunding over HTTP, with everything behind it. */
let running: Running;
let otto: Person;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  otto = await person(running, 'organizer');
});
afterAll(() => running.close());

const ask = (what: string, body?: unknown, by = otto) =>
  call(running.url, what, { token: by.token, ...(body === undefined ? {} : { body }) });
interface Quoted {
  quote: { from: number[]; to: number[]; difference: number };
}
const problem = (answer: Answer) => [answer.status, answer.body?.['code']];
const page = async (path: string, by?: Person, form?: string) => {
  const answer = await fetch(`${running.url}${path}`, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      ...(by ? { cookie: `fullhouse_session=${by.token}` } : {}),
      ...(form === undefined ? {} : { origin: running.url, 'content-type': 'application/x-www-form-urlencoded' })
    },
    ...(form === undefined ? {} : { method: 'POST', body: form })
  });
  return { status: answer.status, text: (await answer.text()).replaceAll(/\s+/g, ' ') };
};

/** A confirmed booking of these seats, bought over HTTP. */
async function buy(showId: string, seats: readonly number[]): Promise<{ ada: Person; id: string; total: number }> {
  const ada = await person(running);
  const hold = await ask(`POST /shows/${showId}/holds`, { seats }, ada);
  const { id: holdId } = hold.body?.['hold'] as { id: string };
  const made = await call(running.url, 'POST /bookings', {
    ...{ token: ada.token, body: { holdId }, headers: { 'idempotency-key': holdId } }
  });
  const { booking, payment } = made.body as { booking: { id: string; total: number }; payment: { id: string } };
  expect((await ask(`POST /payments/${payment.id}/sandbox`, { outcome: 'success' }, ada)).status).toBe(202);
  return { ada, ...booking };
}
const bookingOf = async ({ ada, id }: { ada: Person; id: string }) =>
  (await ask(`GET /bookings/${id}`, undefined, ada)).body?.['booking'] as Record<string, unknown>;

describe('a customer', () => {
  it('cancels over the API, and on the page without JavaScript after reading what it brings', async () => {
    const { showId } = await makeDesk(running, otto);
    const first = await buy(showId, [1, 2]);
    const answer = await ask(`POST /bookings/${first.id}/cancel`, undefined, first.ada);
    expect(answer.status).toBe(200);
    expect(['REFUND_DUE', 'REFUNDED']).toContain((answer.body?.['booking'] as { status: string }).status);

    const second = await buy(showId, [1, 2]);
    const shown = await page(`/bookings/${second.id}`, second.ada);
    expect(shown.text).toContain('Cancel booking and get €');
    expect(shown.text).toContain('You can do this until Thu 11 December 2031 · 19:30 (Berlin time)');
    expect((await page(`/bookings/${second.id}?/cancel`, second.ada, '')).status).toBe(303);
    expect((await page(`/bookings/${second.id}`, second.ada)).text).toMatch(
      /You get €[\d.]+ back|You got €[\d.]+ back/
    );
  });

  it('sees what dearer seats cost, has them kept, gives them up, pays for others and has those', async () => {
    const { showId } = await makeDesk(running, otto);
    const { seats } = planSchema.parse((await call(running.url, `GET /shows/${showId}/plan`)).body);
    const cheap = seats.find(({ tier }) => tier === 'gallery')?.index ?? -1;
    const paid = await buy(showId, [cheap]);
    const path = `/bookings/${paid.id}/move`;
    const move = (body: unknown, key: string, by = paid.ada) =>
      call(running.url, `POST ${path}`, { token: by.token, body, headers: { 'idempotency-key': key } });
    const eve = await person(running);
    for (const answer of [
      await move({ to: [1] }, 'k', eve),
      await ask(`POST ${path}/quote`, {}, eve),
      await ask(`DELETE ${path}`, undefined, eve)
    ])
      expect(problem(answer)).toEqual([404, 'NOT_FOUND']);

    const { quote } = (await ask(`POST ${path}/quote`, { tier: 'floor' }, paid.ada)).body as unknown as Quoted;
    expect(quote).toMatchObject({ from: [cheap], difference: 1200, currency: 'EUR' });
    const what = { to: quote.to, expectedDifference: 1200 };
    expect(problem(await move({ ...what, expectedDifference: 0 }, 'a'))).toEqual([409, 'PRICE_CHANGED']);
    expect((await move(what, 'a')).body).toMatchObject({ difference: 1200, move: { status: 'PENDING' } });
    expect((await ask(`DELETE ${path}`, undefined, paid.ada)).body).toMatchObject({ booking: { seats: [cheap] } });

    const waits = (await move(what, 'b')).body as { move: { payment: { id: string } } };
    const shown = await page(`/bookings/${paid.id}`, paid.ada);
    expect(shown.text).toContain('Your new seats wait for the payment');
    expect(await bookingOf(paid)).toMatchObject({ seats: [cheap] });
    const decide = `POST /payments/${waits.move.payment.id}/sandbox`;
    expect(problem(await ask(decide, { outcome: 'success' }, eve))).toEqual([404, 'NOT_FOUND']);
    expect((await ask(decide, { outcome: 'success' }, paid.ada)).status).toBe(202);
    await comes('it is moved', async () => String((await bookingOf(paid))['seats']) === String(quote.to));
    expect(await bookingOf(paid)).toMatchObject({ total: 3800, receipt: { subtotal: 3800 } });
    const desk = (await ask(`GET /admin/bookings/${paid.id}`)).body as {
      payments: { amount: number; moveId: unknown }[];
    };
    const counted = desk.payments.map(({ amount, moveId }) => [amount, moveId !== null]);
    expect(counted).toEqual([
      [2600, false],
      [1200, true],
      [1200, true]
    ]);
  });

  it('is told where it cannot be done', async () => {
    const { showId } = await makeDesk(running, otto);
    const paid = await buy(showId, [1]);
    expect((await ask(`PATCH /shows/${showId}`, { refundUntilMin: null })).body).toMatchObject({
      refundUntilMin: null
    });
    expect(problem(await ask(`POST /bookings/${paid.id}/cancel`, undefined, paid.ada))).toEqual([
      409,
      'NOT_CANCELLABLE'
    ]);
    const shown = await page(`/bookings/${paid.id}`, paid.ada);
    expect(shown.text).toContain('cannot be cancelled here');
    expect(shown.text).not.toContain('?/cancel');
    const sent = await page(`/bookings/${paid.id}?/cancel`, paid.ada, '');
    expect([sent.status, sent.text.includes('cannot be cancelled. Please ask the organizer')]).toEqual([409, true]);
    expect(problem(await ask(`PATCH /shows/${showId}`, { refundUntilMin: -1 }))).toEqual([422, 'INVALID']);
  });
});

describe('somebody who signs in on the way to pay', () => {
  it('comes back with the ticket types and the code that they chose', async () => {
    const { showId } = await makeDesk(running, otto);
    const guest = String((await call(running.url, 'POST /buyers')).body?.['token']);
    const held = await call(running.url, `POST /shows/${showId}/holds`, { buyer: guest, body: { seats: [1] } });
    const { id } = held.body?.['hold'] as { id: string };
    const next = async (query: string, form?: string) => {
      const answer = await fetch(`${running.url}/checkout/${id}${query}`, {
        redirect: 'manual',
        headers: {
          ...{ accept: 'text/html', origin: running.url },
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' })
        },
        ...(form === undefined ? {} : { method: 'POST', body: form })
      });
      const to = new URL(answer.headers.get('location') ?? '', running.url);
      return [answer.status, to.pathname, to.searchParams.get('next')];
    };
    const back = `/checkout/${id}?type-1=child&code=EARLY`;
    expect(await next('')).toEqual([303, '/sign-in', `/checkout/${id}`]);
    expect(await next('?type-1=child&code=EARLY')).toEqual([303, '/sign-in', back]);
    expect(await next('', 'pay=key+100&type-1=child&code=EARLY')).toEqual([303, '/sign-in', back]);
  });
});

describe('an organizer', () => {
  it('gives back some seats of a booking', async () => {
    const { showId } = await makeDesk(running, otto);
    const paid = await buy(showId, [1, 2]);
    const path = `POST /admin/bookings/${paid.id}/refund`;
    expect(problem(await ask(path, { seats: [1] }))).toEqual([422, 'INVALID']);
    const given = await ask(path, { seats: [1], reason: 'The seat is broken' });
    expect(given.body).toMatchObject({
      booking: { status: 'CONFIRMED', seats: [2] },
      refund: { seats: [1], reason: 'The seat is broken' }
    });
    expect((await page(`/bookings/${paid.id}`, paid.ada)).text).toContain('Given back: ');
    expect(problem(await ask(path, { reason: 'x' }, await person(running, 'organizer')))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await ask(path, { reason: 'x' }, paid.ada))).toEqual([403, 'FORBIDDEN']);
  });

  it('moves a booking to other seats, over the API and by the form without JavaScript', async () => {
    const { showId } = await makeDesk(running, otto);
    const paid = await buy(showId, [1, 2]);
    const path = `/admin/bookings/${paid.id}`;
    const move = (body: unknown, key: string | null, by = otto) =>
      call(running.url, `POST ${path}/move`, {
        ...{ token: by.token, body, headers: key === null ? {} : { 'idempotency-key': key } }
      });
    expect(problem(await move({ to: [3, 4] }, null))).toEqual([422, 'INVALID']);
    expect(problem(await move({ from: [1], to: [3, 4] }, 'a'))).toEqual([422, 'INVALID']);
    expect(problem(await move({ to: [3, 4] }, 'a', paid.ada))).toEqual([403, 'FORBIDDEN']);
    expect(problem(await move({ to: [3, 4] }, 'a', await person(running, 'organizer')))).toEqual([404, 'NOT_FOUND']);
    for (let times = 0; times < 2; times++)
      expect((await move({ from: [2], to: [3] }, 'a')).body).toMatchObject({
        ...{ booking: { status: 'CONFIRMED', seats: [1, 3] }, difference: 0, waived: 0, refund: null }
      });

    const shown = await page(path, otto);
    const key = /name="key" value="([^"]+)"/.exec(shown.text)?.[1] ?? '';
    const labels = [...shown.text.matchAll(/name="seat" value="(\d+)"/g)].map(([, seat]) => seat);
    expect([key.length, labels.slice(0, 2)]).toEqual([36, ['1', '3']]);
    const { body: plan } = await call(running.url, `GET /shows/${showId}/plan`);
    const nameOf = (seat: number) => nameSeats(planSchema.parse(plan))[seat]?.label ?? '';
    const send = (named: string, seats = '&seat=3') =>
      page(`${path}?/move`, otto, `key=${key}${seats}&named=${encodeURIComponent(named)}`);
    const wrong = await send('Moon 7');
    expect([wrong.status, wrong.text.includes('has no seats that we know as Moon 7')]).toEqual([422, true]);
    expect((await send(nameOf(4), '&seat=1&seat=3')).text).toContain('You move 2 seats and have named 1 seat');
    const taken = await send(nameOf(1));
    expect([taken.status, /Free and close to them: [^<]+row/.test(taken.text)]).toEqual([409, true]);
    const sent = await send(nameOf(4));
    expect([sent.status, sent.text.includes('Moved. The buyer gets a mail')]).toEqual([200, true]);
    expect(await bookingOf(paid)).toMatchObject({ seats: [1, 4] });
    expect((await page(path, otto)).text).toContain('move');
  });

  it('sends the tickets again over the API', async () => {
    const { showId } = await makeDesk(running, otto);
    const paid = await buy(showId, [5]);
    const path = `POST /admin/bookings/${paid.id}/send-tickets`;
    expect(problem(await ask(path, undefined, await person(running, 'organizer')))).toEqual([404, 'NOT_FOUND']);
    expect(problem(await ask(path, undefined, paid.ada))).toEqual([403, 'FORBIDDEN']);
    // Nobody takes mails here, so the first one is waiting still.
    expect(problem(await ask(path))).toEqual([409, 'LIMIT_REACHED']);
    await running.app.db.query(`update outbox set done_at = now() where kind = 'mail.confirmation'`);
    const sent = await ask(path);
    expect([sent.status, sent.body]).toMatchObject([202, { recipient: expect.stringContaining('@desk.example') }]);
  });

  it('cancels a show that cannot be deleted: everyone is told, and it is on sale nowhere', async () => {
    const { showId, eventId } = await makeDesk(running, otto, 'Nachtigall');
    const paid = await buy(showId, [1, 2]);
    const refused = await ask(`DELETE /shows/${showId}`);
    expect([...problem(refused), refused.body?.['cancel']]).toEqual([409, 'HAS_BOOKINGS', true]);
    expect(problem(await ask(`GET /shows/${showId}/cancellation`))).toEqual([404, 'NOT_FOUND']);

    const visitors = visitorsOf(() => [running]);
    const socket = await visitors.guest(0);
    const news: unknown[] = [];
    socket.on('show:changed', (event: unknown) => news.push(event));
    expect(await socket.timeout(5000).emitWithAck('show:watch', { showId })).toMatchObject({ cancelled: false });

    expect(problem(await ask(`POST /shows/${showId}/cancel`, { reason: '' }))).toEqual([422, 'INVALID']);
    const cancelled = await ask(`POST /shows/${showId}/cancel`, { reason: 'The singer is ill' });
    expect([cancelled.status, cancelled.body]).toEqual([202, { bookings: 1 }]);
    await until(() => news.length > 0);
    expect(news[0]).toEqual({ showId, sale: 'closed', cancelled: true });
    expect(await socket.timeout(5000).emitWithAck('show:watch', { showId })).toMatchObject({
      ...{ sale: 'closed', cancelled: true }
    });
    visitors.leaveAll();

    const held = await ask(`POST /shows/${showId}/holds`, { seats: [5] }, paid.ada);
    expect([...problem(held), held.body?.['cancelled']]).toEqual([409, 'SALE_CLOSED', true]);
    expect(problem(await ask(`POST /shows/${showId}/resume`))).toEqual([409, 'SALE_CLOSED']);
    expect((await ask(`GET /shows/${showId}`)).body).toMatchObject({
      sale: 'closed',
      cancelled: { reason: 'The singer is ill' }
    });
    expect((await ask('GET /events?q=Nachtigall')).body).toMatchObject({ items: [] });
    const { body: event } = await ask(`GET /events/${eventId}`);
    expect(event).toMatchObject({ nextShow: null, shows: [{ id: showId, cancelled: {} }] });
    const shown = await page(`/events/${String(event?.['slug'])}`);
    expect(shown.text).toContain('cancelled');
    expect(shown.text).not.toContain('Choose seats,');

    const end = Date.now() + 15_000;
    for (;;) {
      const { body } = await ask(`GET /shows/${showId}/cancellation`);
      if (body?.['refunded'] === 1) break;
      if (Date.now() > end) throw new Error(`not refunded: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await bookingOf(paid)).toMatchObject({ status: 'REFUNDED', refunded: paid.total });
    expect((await page(`/bookings/${paid.id}`, paid.ada)).text).toContain('The organizer says: The singer is ill');
  });
});
