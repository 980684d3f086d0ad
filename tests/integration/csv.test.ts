import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bookingsQuery } from '../../src/lib/domain/reports.ts';
import { csvStream, safeText } from '../../server/reports/csv.ts';
import type { Running } from '../../server/serve.ts';
import { startApi, call } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import { sell } from './sales.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** Files for spreadsheets: whole or visibly broken, harmless, and no larger in memory than a portion. */
let running: Running;
let admin: Person;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  admin = await person(running, 'admin');
});
afterAll(() => running.close());

const file = (path: string, by = admin) => call(running.url, `GET /admin/${path}`, { token: by.token });
const lines = (text: string) => text.split('\r\n').filter((line) => line !== '');
const table = (text: string) => {
  const [head = [], ...rows] = lines(text).map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  );
  return rows.map((row) => Object.fromEntries(head.map((name, n) => [name, row[n] ?? ''])));
};

describe('a cell', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])(
    'that begins like %j is no formula',
    (text) => {
      expect(safeText(text)).toBe(`'${text}`);
    }
  );
  it.each(['Ada', '5 = 5', 'a@b.example', ''])('such as %j stays as it is', (text) => {
    expect(safeText(text)).toBe(text);
  });

  it('that is a number stays one, a negative one too', async () => {
    async function* rows() {
      yield await Promise.resolve([{ n: -5, money: '-12.50', text: '-5' }]);
    }
    const columns = [
      { header: 'n', cell: (row: { n: number }) => row.n },
      { header: 'money', number: true as const, cell: (row: { money: string }) => row.money },
      { header: 'text', cell: (row: { text: string }) => row.text }
    ];
    const text = await new Response(
      csvStream<{ n: number; money: string; text: string }>(columns, rows(), { bom: false })
    ).text();
    expect(text).toBe("n,money,text\r\n-5,-12.50,'-5\r\n");
  });
});

describe('files', () => {
  it('of bookings and tickets tell money, times and zones as the venue has them', async () => {
    const desk = await makeDesk(running, admin, 'Umlaut Ö');
    const userId = await makeUser(running.app.db);
    await running.app.db.query('update app_user set name = $2 where id = $1', [userId, '=HYPERLINK("http://evil")']);
    const show: MadeShow = { ...desk, id: desk.showId, organizerId: admin.id };
    const at = new Date('2027-07-01T22:30:00Z');
    const [id] = await sell(running.app.db, [
      {
        show,
        userId,
        at,
        seats: [
          { index: 0, price: 3800 },
          { index: 1, price: 50 }
        ]
      }
    ]);
    const answer = await file(`bookings.csv?event=${desk.eventId}`);
    expect(answer.headers.get('content-type')).toContain('text/csv; charset=utf-8');
    const today = new Date().toISOString().slice(0, 10);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="bookings-${today}.csv"`);
    expect(answer.text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(table(answer.text)).toMatchObject([
      {
        ...{ Booking: id, Status: 'CONFIRMED', Seats: '2', Total: '38.50', Currency: 'EUR' },
        ...{ Made: '2027-07-02T00:30:00+02:00', Starts: '2031-12-12T19:30:00+01:00', 'Time zone': 'Europe/Berlin' }
      }
    ]);
    const seats = table((await file(`tickets.csv?event=${desk.eventId}`)).text);
    expect(seats.map(({ Price, Valid }) => [Price, Valid])).toEqual([
      ['38.00', 'yes'],
      ['0.50', 'yes']
    ]);
    const sales = await file(
      `reports/sales.csv?event=${desk.eventId}&from=2027-07-02&to=2027-07-03&zone=Europe/Berlin`
    );
    expect(lines(sales.text)).toEqual([
      'From,Bookings,Tickets,Revenue,Currency,Time zone',
      '2027-07-02,1,2,38.50,EUR,Europe/Berlin',
      '2027-07-03,0,0,0.00,EUR,Europe/Berlin'
    ]);
  });

  it('have a mark for Excel when asked, and only then', async () => {
    for (const name of ['venues', 'events', 'shows', 'bookings', 'tickets', 'audit', 'users', 'reports/occupancy']) {
      const raw = async (query: string) => {
        const headers = { authorization: `Bearer ${admin.token}` };
        const response = await fetch(`${running.url}/api/v1/admin/${name}.csv${query}`, { headers });
        expect(response.status, name).toBe(200);
        return Buffer.from(await response.arrayBuffer());
      };
      expect((await raw('?bom=1')).subarray(0, 3), name).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
      expect((await raw(''))[0], name).not.toBe(0xef);
    }
    expect((await file('venues.csv?bom=2')).status).toBe(422);
  });

  it('do not exist for whom they are not', async () => {
    const organizer = await person(running, 'organizer');
    expect((await file('users.csv', organizer)).status).toBe(404);
    expect(table((await file('bookings.csv', organizer)).text)).toEqual([]);
    expect((await file('reports/nothing.csv')).status).toBe(404);
  });
});

// What was collected is not in use; the process' size also counts what nobody has swept up yet.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function inUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('a long file', () => {
  const SEATS = 60_000;
  const PER_BOOKING = 4;
  let show: MadeShow;

  beforeAll(async () => {
    const { db } = running.app;
    const buyer = await makeUser(db);
    show = await makeShow(db, 1);
    await db.query('update seating_plan set capacity = $2 where id = $1', [show.planId, SEATS]);
    await db.query(
      `insert into plan_seat (plan_id, seat_index, label, short, tier)
       select $1, n, 'Seat ' || n, n::text, 'standard' from generate_series(1, $2::int - 1) n`,
      [show.planId, SEATS]
    );
    await db.query(
      `insert into booking (id, show_id, user_id, hold_id, status, idempotency_key, request_hash, total, currency,
                            expires_at, confirmed_at, created_at)
       select gen_random_uuid(), $1, $2, $1 || '.' || lpad(n::text, 12, '0'), 'CONFIRMED', n::text, 'many', 10000, 'EUR',
              now(), now() - n * interval '10 seconds', now() - (n / 3) * interval '30 seconds'
         from generate_series(0, $3::int - 1) n`,
      [show.id, buyer, SEATS / PER_BOOKING]
    );
    // In parts: a statement may take as long as the service allows one.
    for (let seat = 0; seat < PER_BOOKING; seat++) {
      await db.query(
        `insert into booking_seat (booking_id, show_id, plan_id, seat_index, price)
         select id, $1, $2, idempotency_key::int * $3::int + $4::int, 2500 from booking where show_id = $1`,
        [show.id, show.planId, PER_BOOKING, seat]
      );
    }
    await db.query('analyze');
  }, 120_000);

  it('has every seat once, and needs no more memory than a portion', { timeout: 180_000 }, async () => {
    const before = inUse();
    let most = before;
    let look = 0;
    const stream = running.app.reports.exports.tickets(
      { user: admin.id, owner: null },
      bookingsQuery.parse({ show: show.id }),
      { bom: false }
    );
    const seen = new Uint8Array(SEATS);
    let rest = '';
    let rows = -1;
    const reader = stream.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const chunk = next.value;
      rest += Buffer.from(chunk).toString();
      const complete = rest.split('\r\n');
      rest = complete.pop() ?? '';
      rows += complete.length;
      for (const line of complete) {
        const seat = /,Seat (\d+),/.exec(line)?.[1];
        if (seat !== undefined) seen[Number(seat)] = (seen[Number(seat)] ?? 0) + 1;
      }
      if (rows < look) continue;
      look += SEATS / 6;
      most = Math.max(most, inUse());
    }
    expect(rows).toBe(SEATS);
    // The plan's first seat has the name of its row.
    expect(seen.subarray(1).every((times) => times === 1)).toBe(true);
    console.log(`${SEATS} rows: ${Math.round((most - before) / 1e6)} MB more at most`);
    expect(most - before).toBeLessThan(20e6);
  });

  it('is read no further when the client goes away', { timeout: 60_000 }, async () => {
    const { db } = running.app;
    const stream = running.app.reports.exports.tickets({ user: admin.id, owner: null }, bookingsQuery.parse({}), {
      bom: false
    });
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    const busy = await db.query(
      `select query from pg_stat_activity where datname = current_database() and state <> 'idle' and query like '%booking_seat%'
          and pid <> pg_backend_pid()`
    );
    expect(busy.rows).toEqual([]);
    expect(db.pool.waitingCount).toBe(0);
    await expect.poll(() => db.pool.totalCount - db.pool.idleCount).toBe(0);
  });

  it('waits for a client that does not read', { timeout: 60_000 }, async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${admin.token}` };
      get(`${running.url}/api/v1/admin/tickets.csv`, { headers }, resolve).on('error', reject);
    });
    response.pause();
    const { db } = running.app;
    // Nothing is asked of Postgres, and no connection is kept, while nobody takes what was read.
    await expect.poll(() => db.pool.totalCount - db.pool.idleCount, { timeout: 30_000 }).toBe(0);
    expect(response.complete).toBe(false);
    response.destroy();
  });

  it('that breaks in the middle does not look complete', { timeout: 60_000 }, async () => {
    const { db } = running.app;
    // The row in the middle cannot be read: its show's zone is none.
    const bad = await makeShow(db, 2);
    await sell(db, [
      { show: bad, userId: await makeUser(db), at: new Date('2099-01-01T00:00Z'), seats: [{ index: 0, price: 1 }] }
    ]);
    await db.query(`update venue set time_zone = 'Nowhere/None' where id = (select venue_id from show where id = $1)`, [
      bad.id
    ]);
    const outcome = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: `Bearer ${admin.token}` };
      const request = get(`${running.url}/api/v1/admin/tickets.csv?nonce=${randomUUID()}`, { headers }, (response) => {
        expect(response.statusCode).toBe(200);
        response.on('data', () => undefined);
        response.on('end', () => resolve('complete'));
        response.on('error', () => resolve('broken'));
      });
      request.on('error', reject);
    });
    expect(outcome).toBe('broken');
  });
});
