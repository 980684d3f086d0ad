import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { setSeatState } from '../../src/lib/domain/seat-map.ts';
import { startMailCatcher, type MailCatcher } from '../../server/embedded/mail-catcher.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { must, until } from './house.ts';
import { person, type Person } from './organizers.ts';
import { bookInPostgres, makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { hold, say, visitorsOf } from './visitors.ts';

/** Every figure of /metrics moves by the event that it names, on the whole service, and none names anybody. */
let running: Running;
let mail: MailCatcher;
/** Somebody else at the service's Redis. */
let redis: Redis;
let show: MadeShow;
let ada: Person;
let nextSeat = 0;

const { connect: open, guest, watch, leaveAll } = visitorsOf(() => [running]);

beforeAll(async () => {
  mail = await startMailCatcher();
  const config = await makeConfig({ SMTP_URL: mail.url, HOLD_TTL_MS: '1500', LIMIT_USER_CALLS: '60' });
  redis = new Redis(config.redisUrl);
  running = await startApi(config);
  show = await makeShow(running.app.db, 120, { cap: 4 });
  ada = await person(running);
});
afterEach(leaveAll);
afterAll(async () => {
  await running.close();
  redis.disconnect();
  await mail.stop();
});

/** name{labels} → value, as Prometheus reads them. */
async function figures(): Promise<Map<string, number>> {
  const text = await (await fetch(`${running.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    })
  );
}

/** What `event` adds to these figures, waiting for those that follow a moment later. */
async function moves(names: readonly string[], event: () => Promise<unknown>): Promise<void> {
  const of = (all: Map<string, number>, name: string) => all.get(`fullhouse_${name}`) ?? 0;
  const before = await figures();
  await event();
  for (const name of names)
    await until(`${name} moves`, async () => of(await figures(), name) > of(before, name), 15_000);
}
const seat = () => nextSeat++;

async function checkout() {
  const held = await call(running.url, `POST /shows/${show.id}/holds`, { token: ada.token, body: { seats: [seat()] } });
  const { id: holdId } = held.body?.['hold'] as { id: string };
  const headers = { 'idempotency-key': holdId };
  return call(running.url, 'POST /bookings', { token: ada.token, headers, body: { holdId } });
}
async function buy(): Promise<string> {
  const { booking, payment } = (await checkout()).body as { booking: { id: string }; payment: { id: string } };
  await call(running.url, `POST /payments/${payment.id}/sandbox`, { token: ada.token, body: { outcome: 'duplicate' } });
  return booking.id;
}

describe('seats', () => {
  it('count what was asked for, by its answer, and how long it took', async () => {
    const [one, other] = [await guest(0), await guest(0)];
    const taken = seat();
    const answers = ['ok', 'taken'].map((result) => `seat_hold_requests_total{result="${result}"}`);
    await moves([...answers, 'seat_hold_duration_seconds_count'], async () => {
      await hold(one, show, [taken]);
      await hold(other, show, [taken]);
    });
    await moves(['seat_hold_requests_total{result="cap"}'], () =>
      hold(
        other,
        show,
        Array.from({ length: 5 }, () => seat())
      )
    );
    await moves(['seat_hold_requests_total{result="refused"}'], () => hold(other, show, [119_999]));
    await moves(['seat_release_total{cause="user"}'], () => say(one, 'seats:release', { showId: show.id }));
  });

  it('count holds that ran out, and how late they were ended', async () => {
    await moves(['seat_release_total{cause="sweep"}', 'seat_release_lag_seconds_count'], async () =>
      hold(await guest(0), show, [seat()])
    );
  });

  it('count maps that were made from Postgres, and what was mended', { timeout: 20_000 }, async () => {
    const other = await makeShow(running.app.db, 20);
    await moves(['seat_rebuild_total', 'seat_rebuild_duration_seconds_count'], () =>
      running.app.seats.snapshot(other.id)
    );
    const { map: key } = running.app.seats.keys.show(other.id);
    const map = Buffer.from((await running.app.seats.snapshot(other.id).then(must)).map);
    setSeatState(map, 7, 2);
    await moves(['seat_drift_total{kind="seats"}'], async () => {
      await redis.set(key, map);
      await running.app.reconciler.all();
    });
  });

  it('show what the sweep has not come to', async () => {
    const { keys } = running.app.seats;
    const lost = 'zzzzzzzzzzzz';
    await moves(['seat_sweep_backlog'], async () => {
      await redis.sadd(keys.shows, lost);
      await redis.zadd(keys.show(lost).due, 1, `${lost}.aaaaaaaaaaaa`);
    });
    await redis.del(keys.show(lost).due);
    await redis.srem(keys.shows, lost);
  });
});

describe('bookings', () => {
  it('count checkouts, messages of the gateway and mails, once each', { timeout: 30_000 }, async () => {
    let bookingId = '';
    await moves(
      [
        ...['checkout_total{result="ok"}', 'checkout_duration_seconds_count', 'email_sent_total'],
        ...['payment_webhook_total{result="ok"}', 'payment_webhook_total{result="duplicate"}'],
        'seat_release_total{cause="commit"}'
      ],
      async () => (bookingId = await buy())
    );
    await moves(['email_duplicate_suppressed_total'], () => running.app.mail.confirmation(bookingId));
    await moves(['payment_webhook_total{result="bad_signature"}'], () =>
      fetch(`${running.url}/api/v1/webhooks/sandbox`, {
        ...{ method: 'POST', body: '{}' },
        headers: { 'content-type': 'application/json' }
      })
    );
  });

  it('count seats that Redis gave and Postgres refused', async () => {
    await moves(['booking_conflict_total', 'checkout_total{result="seat_taken"}'], async () => {
      const lost = nextSeat;
      await bookInPostgres(running.app.db, show, [lost]);
      expect((await checkout()).body).toMatchObject({ code: 'SEAT_TAKEN' });
    });
  });
});

describe('sockets', () => {
  it('count who came, who was turned away, and who left', async () => {
    await moves(['ws_handshake_total{result="ok"}', 'ws_connections'], () => guest(0));
    await moves(['ws_handshake_total{result="origin"}'], () =>
      open(0, {}, { origin: 'https://elsewhere.example' }).catch(() => null)
    );
    const socket = await guest(0);
    await moves(['ws_disconnect_total{reason="client namespace disconnect"}'], () =>
      Promise.resolve(socket.disconnect())
    );
  });

  it('count frames, and viewers that came back for what they missed', async () => {
    const viewer = await watch(0, show);
    await moves(['ws_broadcast_fanout_duration_seconds_count'], async () => hold(await guest(0), show, [seat()]));
    const { epoch, version } = viewer.map;
    await moves(['ws_resync_total{cause="gap"}'], () =>
      say(viewer.socket, 'show:watch', { showId: show.id, epoch, version })
    );
    await moves(['ws_resync_total{cause="epoch"}'], () =>
      say(viewer.socket, 'show:watch', { showId: show.id, epoch: epoch + 1, version })
    );
  });

  it('count commands and calls that were too many', async () => {
    const hasty = await guest(0);
    await moves(['rate_limited_total{scope="socket"}'], () =>
      Promise.all(Array.from({ length: 40 }, () => say(hasty, 'show:unwatch', { showId: show.id })))
    );
    const eve = await person(running);
    await moves(['rate_limited_total{scope="user"}'], () =>
      Promise.all(Array.from({ length: 70 }, () => call(running.url, 'GET /me', { token: eve.token })))
    );
  });
});

describe('what is read when somebody asks', () => {
  it('shows who waits for Postgres', async () => {
    await moves(['pg_pool_waiting'], async () => {
      const sleeps = Array.from({ length: 30 }, () => running.app.db.query('select pg_sleep(0.5)'));
      void Promise.all(sleeps);
      await Promise.resolve();
    });
  });

  it('times Redis’ commands', async () => {
    await moves(['redis_command_duration_seconds_count{cmd="evalsha"}'], () =>
      Promise.all(Array.from({ length: 64 }, () => running.app.seats.snapshot(show.id)))
    );
  });

  it('shows work and refunds that wait', { timeout: 30_000 }, async () => {
    const bookingId = await buy();
    await until('it is confirmed', async () => {
      const { rows } = await running.app.db.query('select 1 from booking where id = $1 and status = $2', [
        ...[bookingId, 'CONFIRMED']
      ]);
      return rows.length === 1;
    });
    await running.app.jobs.close();
    await moves(['refund_due', 'outbox_pending', 'outbox_oldest_age_seconds'], () =>
      call(running.url, `POST /bookings/${bookingId}/cancel`, { token: ada.token })
    );
  });
});

describe('the labels', () => {
  it('are few, and none of them is somebody’s or something’s id', async () => {
    const labels = new Map<string, Set<string>>();
    for (const name of (await figures()).keys())
      for (const [, label = '', value = ''] of name.matchAll(/(\w+)="([^"]*)"/g))
        labels.set(label, (labels.get(label) ?? new Set()).add(value));
    const ours = ['result', 'cause', 'kind', 'reason', 'action', 'scope', 'cmd', 'le'];
    const ofPromClient = ['type', 'kind', 'space', 'version', 'major', 'minor', 'patch'];
    expect([...labels.keys()].filter((label) => ![...ours, ...ofPromClient].includes(label))).toEqual([]);
    for (const label of ours.filter((each) => each !== 'le'))
      for (const value of labels.get(label) ?? []) expect(value).toMatch(/^[a-z][a-z_ -]{1,40}$/i);
  });
});
