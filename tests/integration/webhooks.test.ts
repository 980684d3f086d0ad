import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import {
  WEBHOOK_EVENTS,
  webhookMessage,
  type WebhookEvent,
  type WebhookMessage
} from '../../src/lib/domain/webhooks.ts';
import { armFaultPoint, disarmFaultPoints } from '../../server/booking/fault-points.ts';
import { createDesk } from '../../server/catalog/desk.ts';
import { createApp, type App } from '../../server/app.ts';
import { createLog } from '../../server/log.ts';
import { announceBooking } from '../../server/webhooks/announce.ts';
import { secretOf } from '../../server/webhooks/secret.ts';
import { must, openHouse, until, type House } from './house.ts';
import { buy, organizerOf } from './refund-house.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';
import { bookWithTickets } from './ticketed.ts';

/** From what happens to a receiver of a test's own, by the real outbox, queue and HTTP. */
interface Heard {
  path: string;
  headers: Record<string, string>;
  body: string;
  message: WebhookMessage;
}
let receiver: Server;
let url: string;
let heard: Heard[];
let answers: (number | 'never')[];
/** What the receiver says beside a status that is not 200. */
let retryAfter: string | undefined;
let house: House;
let app: App;
let smtp: TestSmtp;
let show: MadeShow;

const ALL = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];
const at = (path: string) => heard.filter((one) => one.path === path);
const arrives = (path: string, count = 1) =>
  until(`${count} at ${path}`, () => at(path).length >= count && at(path), 8000);
let paths = 0;
const somewhere = () => `/hook-${++paths}`;

async function listen(by: { user: string; owner: string | null }, events: readonly WebhookEvent[] = ALL) {
  const path = somewhere();
  const body = { name: 'Screen', url: `${url}${path}`, events: [...events], active: true };
  const { endpoint, secret } = must(await house.webhooks.endpoints.create(by, body));
  return { id: endpoint.id, path, secret };
}
const logOf = async (by: { user: string; owner: string | null }, id: string) =>
  must(await house.webhooks.log.list(by, id, { limit: 30 })).items;
const settled = (by: { user: string; owner: string | null }, id: string, state: string) =>
  until(`a message is ${state}`, async () => (await logOf(by, id)).find((one) => one.state === state));

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const message = webhookMessage.parse(JSON.parse(body));
      heard.push({ path: request.url ?? '', headers: request.headers as Record<string, string>, body, message });
      const status = answers.shift() ?? 200;
      if (status !== 'never')
        response.writeHead(status, status !== 200 && retryAfter ? { 'retry-after': retryAfter } : {}).end('heard');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const address = receiver.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  smtp = await startSmtp();
  const config = await makeConfig({ WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8', SMTP_URL: smtp.url });
  house = await openHouse(config, {
    jobs: { everyMs: 20 },
    // A machine that others use too stands still for a second now and then: only who never answers is too late.
    webhooks: { retryAfterMs: [20, 20, 20], timeoutMs: 3000, patienceMs: 3_600_000 }
  });
  await house.jobs.start();
  // Its desk and its doors; the jobs are the house's.
  app = createApp(config, { log: createLog('silent', false) });
});
beforeEach(async () => {
  heard = [];
  answers = [];
  retryAfter = undefined;
  await house.db.query('update webhook_endpoint set active = false');
  show = await makeShow(house.db, 40);
});
afterEach(() => disarmFaultPoints());
afterAll(async () => {
  await app.close();
  await house.close();
  await smtp.close();
  receiver.closeAllConnections();
  receiver.close();
});

describe('a message', () => {
  it('comes signed, says what happened by ids, and nothing of the buyer', async () => {
    const { path, secret, id } = await listen(organizerOf(show), ['booking.confirmed']);
    const { bookingId, ada } = await buy(house, show, [1, 2]);
    const [first] = await arrives(path);
    expect(new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {})).toMatchObject({
      type: 'booking.confirmed'
    });
    expect(() => new Webhook(secret).verify(`${first?.body} `, first?.headers ?? {})).toThrow();
    expect(first?.message.data).toEqual({
      ...{ showId: show.id, eventId: show.eventId, bookingId, seats: 2, total: 5000, currency: 'EUR' }
    });
    expect(Math.abs(Date.parse(first?.message.timestamp ?? '') - Date.now())).toBeLessThan(10_000);
    expect(first?.body).not.toContain(ada.email);
    expect(first?.body).not.toContain(ada.user.id);
    const done = await settled(organizerOf(show), id, 'DONE');
    expect(done).toMatchObject({ status: 200, answer: 'heard', error: null, attempts: 1, nextAt: null });
    expect(done.tookMs).toBeGreaterThanOrEqual(0);
    expect(first?.headers['webhook-id']).toBe(`msg_${done.id}`);
  });

  it('is tried again under the same id until it is taken', async () => {
    const { path, id, secret } = await listen(organizerOf(show), ['booking.confirmed']);
    answers = [500, 500, 200];
    await buy(house, show, [3]);
    const tries = await arrives(path, 3);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    for (const { body, headers } of tries) new Webhook(secret).verify(body, headers);
    expect(await settled(organizerOf(show), id, 'DONE')).toMatchObject({ attempts: 3 });
    expect(must(await house.webhooks.endpoints.get(organizerOf(show), id)).failingSince).toBeNull();
  });

  it('is sent once more, under its id, by a worker that comes after one that died before it could note it', async () => {
    const { path, id } = await listen(organizerOf(show), ['booking.confirmed']);
    let died = 0;
    armFaultPoint('webhook:after-send', () => {
      if (died++ === 0) throw new Error('the worker dies here');
    });
    await buy(house, show, [4]);
    const [first, second] = await arrives(path, 2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await settled(organizerOf(show), id, 'DONE')).toMatchObject({ attempts: 1 });
  });

  it('is there if, and only if, what it tells of is', async () => {
    const { path } = await listen(organizerOf(show), ['booking.confirmed']);
    const { bookingId } = await bookWithTickets(house.db, show, [5]);
    const undone = house.db.transaction(async (sql) => {
      await announceBooking(sql, 'booking.confirmed', bookingId);
      throw new Error('the change is not made');
    });
    await expect(undone).rejects.toThrow('not made');
    const { rows } = await house.db.query('select 1 from outbox where payload ->> $1 = $2', [
      'key',
      `booking.confirmed:${bookingId}`
    ]);
    expect(rows).toEqual([]);
    // The same thing told twice is one message.
    await house.db.transaction((sql) => announceBooking(sql, 'booking.confirmed', bookingId));
    const { rows: told } = await house.db.query<{ payload: Parameters<House['webhooks']['fanOut']>[0] }>(
      `select payload from outbox where kind = 'webhook.event' and payload -> 'data' ->> 'bookingId' = $1`,
      [bookingId]
    );
    await arrives(path);
    if (told[0]) await house.webhooks.fanOut(told[0].payload);
    await buy(house, show, [6]);
    expect(await arrives(path, 2)).toHaveLength(2);
  });

  it('that a receiver never answers does not keep the others waiting', async () => {
    const hanging = await listen(organizerOf(show), ['booking.confirmed']);
    const other = await makeShow(house.db, 10);
    const quick = await listen(organizerOf(other), ['booking.confirmed']);
    // Twice for each: its silence stands in the log for as long as the second try hangs.
    answers = Array.from({ length: 6 }, () => 'never');
    for (const seat of [7, 8, 9]) await buy(house, show, [seat]);
    await arrives(hanging.path, 3);
    const began = performance.now();
    await buy(house, other, [1]);
    await arrives(quick.path);
    expect(performance.now() - began).toBeLessThan(2000);
    const late = await until('its silence is noted', async () =>
      (await logOf(organizerOf(show), hanging.id)).find(({ error }) => error !== null)
    );
    expect(late).toMatchObject({ status: null, error: 'No answer within 3 seconds.' });
  });

  it('can be sent once more by hand, under the same id', async () => {
    const { path, id } = await listen(organizerOf(show), ['booking.confirmed']);
    answers = [500, 500, 500, 500];
    await buy(house, show, [10]);
    const failed = await settled(organizerOf(show), id, 'FAILED');
    expect(failed).toMatchObject({ attempts: 4, error: 'It answered 500.', nextAt: null });
    expect(await house.webhooks.log.replay(organizerOf(show), id, failed.id)).toBeNull();
    const all = await arrives(path, 5);
    expect(new Set(all.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`msg_${failed.id}`]));
    await settled(organizerOf(show), id, 'DONE');
    const stranger = organizerOf(await makeShow(house.db, 1));
    expect(await house.webhooks.log.replay(stranger, id, failed.id)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an endpoint', () => {
  it('hears of its owner’s own shows, an admin’s of all, and a former organizer’s of none', async () => {
    const own = await listen(organizerOf(show), ['booking.confirmed']);
    const foreign = await listen(organizerOf(await makeShow(house.db, 1)), ['booking.confirmed']);
    const admin = await listen({ user: await makeUser(house.db, 'admin'), owner: null }, ['booking.confirmed']);
    const elsewhere = await listen(organizerOf(show), ['show.created']);
    await buy(house, show, [1]);
    await Promise.all([arrives(own.path), arrives(admin.path)]);
    await house.db.query(`update app_user set role = 'customer' where id = $1`, [show.organizerId]);
    await buy(house, show, [2]);
    await arrives(admin.path, 2);
    expect([own, foreign, elsewhere].map(({ path }) => at(path).length)).toEqual([1, 0, 0]);
  });

  it('hears of refunds, admissions and changes of shows', async () => {
    const by = organizerOf(show);
    const { path } = await listen(by);
    const desk = createDesk(app);
    must(await desk.shows.update(by, show.id, { startsAt: '2031-12-13T18:30:00Z' }));
    must(await app.control.setSale(by, show.id, 'paused'));
    must(await app.control.setSale(by, show.id, 'open'));
    const { tickets } = await bookWithTickets(house.db, show, [11]);
    const owner = { id: by.user, email: 'o@x.example', name: 'O', role: 'organizer' as const };
    const door = must(await app.checkIn.doorOf(owner));
    const ticketId = tickets[0]?.id ?? '';
    must(await app.checkIn.admit(door, { ticketId }));
    must(await app.checkIn.undo(door, ticketId));
    const { bookingId, ada } = await buy(house, show, [12]);
    must(await house.booking.cancel(bookingId, ada.user.id));
    must(await house.booking.cancelShow(by, show.id, 'The roof leaks'));
    const types = () => at(path).map(({ message }) => message.type);
    const kinds = ['booking.cancelled', 'booking.confirmed', 'booking.refunded', 'show.cancelled', 'show.changed'];
    await until(
      'all of it',
      () => new Set(types()).size === 7 && types().filter((one) => one === 'show.changed').length === 3
    );
    expect([...new Set(types())].sort()).toEqual([...kinds, 'ticket.check_in_undone', 'ticket.checked_in'].sort());
    const said = (type: string) => at(path).find(({ message }) => message.type === type)?.message.data;
    expect(said('ticket.checked_in')).toMatchObject({ showId: show.id, ticketId });
    expect(said('booking.refunded')).toMatchObject({ bookingId, amount: 2500, currency: 'EUR' });
  });

  it('that asks to be left alone is, for as long as it wants and for a day at most', async () => {
    const by = organizerOf(show);
    const { id } = await listen(by, ['booking.confirmed']);
    const waits = async (status: number, said: string) => {
      answers = [status];
      retryAfter = said;
      const before = (await logOf(by, id)).length;
      await buy(house, show, [10 + before]);
      const [one] = await until('it was tried', async () => {
        const log = await logOf(by, id);
        return log.length > before && log[0]?.status === status && log;
      });
      return Math.round((Date.parse(one?.nextAt ?? '') - Date.now()) / 60_000);
    };
    const within = (minutes: number) => [minutes * 0.98, minutes * 1.12] as const;
    for (const [status, said, minutes] of [
      [429, '3600', 60],
      [503, new Date(Date.now() + 7_200_000).toUTCString(), 120],
      [503, '9999999', 24 * 60]
    ] as const) {
      const asked = await waits(status, said);
      expect(asked).toBeGreaterThanOrEqual(within(minutes)[0]);
      expect(asked).toBeLessThanOrEqual(within(minutes)[1]);
    }
  });

  it('that answers 410 is switched off at once, and its owner is told', async () => {
    const by = organizerOf(show);
    const { id, path } = await listen(by, ['booking.confirmed']);
    await house.db.query(`update app_user set language = 'de' where id = $1`, [by.user]);
    answers = [410];
    await buy(house, show, [1]);
    expect(await settled(by, id, 'FAILED')).toMatchObject({ status: 410, attempts: 1, nextAt: null });
    expect(must(await house.webhooks.endpoints.get(by, id))).toMatchObject({ active: false });
    const mail = await until('the mail', () =>
      smtp.to(`${by.user}@test.example`).find(({ subject }) => subject?.includes('ausgeschaltet'))
    );
    expect(mail.text).toContain('Die Antwort war 410: Die Adresse gibt es nicht mehr');
    await buy(house, show, [2]);
    expect(at(path)).toHaveLength(1);
  });

  it('that fails for too long is switched off, its owner is told, and it begins anew when it is switched on', async () => {
    const by = organizerOf(show);
    const { id, path } = await listen(by, ['booking.confirmed']);
    answers = [500];
    await buy(house, show, [1]);
    await settled(by, id, 'DONE');
    await house.db.query(`update webhook_endpoint set failing_since = now() - interval '2 hours' where id = $1`, [id]);
    answers = [503];
    await buy(house, show, [2]);
    const off = await until('it is off', async () => {
      const now = must(await house.webhooks.endpoints.get(by, id));
      return !now.active && now;
    });
    expect(off.disabledAt).not.toBeNull();
    const [mail] = await until('the mail', () => {
      const found = smtp.to(`${by.user}@test.example`).filter(({ subject }) => subject?.includes('switched off'));
      return found.length > 0 && found;
    });
    expect(mail?.text).toContain('It answered 503.');
    expect(mail?.text).toContain(`/admin/webhooks/${id}`);
    const before = at(path).length;
    await buy(house, show, [3]);
    await settled(by, id, 'FAILED');
    expect(at(path)).toHaveLength(before);
    expect(await house.webhooks.log.test(by, id)).toMatchObject({ code: 'CHANGED_MEANWHILE' });
    must(await house.webhooks.endpoints.update(by, id, { active: true }));
    expect(must(await house.webhooks.endpoints.get(by, id))).toMatchObject({ failingSince: null, disabledAt: null });
    await buy(house, show, [4]);
    await arrives(path, before + 1);
  });

  it('has a test message, and another secret when it needs one, with both good for a day', async () => {
    const by = organizerOf(show);
    const { id, path, secret } = await listen(by, ['booking.confirmed']);
    must(await house.webhooks.log.test(by, id));
    expect((await arrives(path))[0]?.message).toMatchObject({ type: 'webhook.test', data: { endpointId: id } });
    const rotated = must(await house.webhooks.endpoints.rotate(by, id));
    expect(rotated.secret).not.toBe(secret);
    must(await house.webhooks.log.test(by, id));
    const second = (await arrives(path, 2))[1];
    for (const one of [secret, rotated.secret]) new Webhook(one).verify(second?.body ?? '', second?.headers ?? {});
    await house.db.query(`update webhook_endpoint set rotated_at = now() - interval '25 hours' where id = $1`, [id]);
    must(await house.webhooks.log.test(by, id));
    const third = (await arrives(path, 3))[2];
    expect(() => new Webhook(secret).verify(third?.body ?? '', third?.headers ?? {})).toThrow();
    new Webhook(rotated.secret).verify(third?.body ?? '', third?.headers ?? {});
  });

  it('keeps its secret out of every list, log and table', async () => {
    const by = organizerOf(show);
    const { id, secret } = await listen(by, ['booking.confirmed']);
    await buy(house, show, [1]);
    await settled(by, id, 'DONE');
    must(await house.webhooks.endpoints.rotate(by, id));
    const { rows } = await house.db.query<{ all: string }>(
      `select coalesce((select json_agg(w)::text from webhook_endpoint w), '') || coalesce((select json_agg(d)::text from webhook_delivery d), '')
           || coalesce((select json_agg(a)::text from audit_log a), '') || coalesce((select json_agg(o)::text from outbox o), '') as all`
    );
    const shown = JSON.stringify([await house.webhooks.endpoints.list(by), await logOf(by, id)]);
    const secrets = [secret, secretOf(house.config, { id, secret_number: 2 })];
    for (const one of secrets) for (const text of [rows[0]?.all, shown]) expect(text).not.toContain(one.slice(6, 30));
    expect(rows[0]?.all).toContain('rotate secret');
  });

  it('belongs to its owner and to admins', async () => {
    const { id } = await listen(organizerOf(show));
    const stranger = organizerOf(await makeShow(house.db, 1));
    const { endpoints, log } = house.webhooks;
    const tries = [
      ...[await endpoints.get(stranger, id), await endpoints.update(stranger, id, { name: 'Mine' })],
      ...[await endpoints.rotate(stranger, id), await endpoints.remove(stranger, id)],
      ...[await log.list(stranger, id, { limit: 5 }), await log.test(stranger, id)]
    ];
    expect(tries.map((one) => isRefusal(one) && one.code)).toEqual(tries.map(() => 'NOT_FOUND'));
    expect(await endpoints.list(stranger)).toEqual([]);
    const admin = { user: await makeUser(house.db, 'admin'), owner: null };
    expect(await endpoints.remove(admin, id)).toBeNull();
  });

  it('needs https in production, unless our own network is allowed', async () => {
    const { createEndpoints } = await import('../../server/webhooks/endpoints.ts');
    const body = { name: 'Plain', url: 'http://example.org/', events: ALL, active: true };
    const strict = { ...house.config, mode: 'production' as const, webhooks: { allowPrivate: false } };
    const refused = await createEndpoints({ db: house.db, config: strict }).create(organizerOf(show), body);
    expect(refused).toMatchObject({ code: 'INVALID', details: { errors: [{ path: 'url' }] } });
    const inside = { ...strict, webhooks: { allowPrivate: true } };
    must(await createEndpoints({ db: house.db, config: inside }).create(organizerOf(show), body));
  });
});
