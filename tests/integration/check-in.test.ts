import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listedAs } from '../../src/lib/domain/check-in.ts';
import { groupShortCode } from '../../src/lib/domain/short-code.ts';
import { isRefusal } from '../../src/lib/domain/refusal.ts';
import type { App } from '../../server/app.ts';
import type { Door } from '../../server/check-in/door.ts';
import type { Role } from '../../server/accounts/roles.ts';
import { startServer, type Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { codeOf, must } from './house.ts';
import { person } from './organizers.ts';
import { makeShow, makeUser, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { bookWithTickets } from './ticketed.ts';
import { noPages, say, until, visitorsOf } from './visitors.ts';

/** One service over HTTP and a second one beside it: two gates of one house. */
let running: Running;
let beside: Running;

beforeAll(async () => {
  const config = await makeConfig();
  running = await startApi(config);
  beside = await startServer(config, noPages);
});
afterAll(async () => {
  await beside.close();
  await running.close();
});
const { connect, leaveAll } = visitorsOf(() => [running]);
afterEach(leaveAll);

const userOf = (id: string, role: Role) => ({ id, role, email: `${id}@test.example`, name: 'Ada Test' });

/** A show with a booking of two, and the door of its organizer. */
async function evening() {
  const { db, checkIn, tickets } = running.app;
  const show = await makeShow(db, 40);
  const booked = await bookWithTickets(db, show, [0, 1]);
  const door = must(await checkIn.doorOf(userOf(show.organizerId, 'organizer')));
  const [first, second] = booked.tickets.map(({ id, short_code }) => ({
    id,
    short: short_code,
    code: tickets.codes.sign(id)
  }));
  if (!first || !second) throw new Error('no tickets');
  return { show, door, booked, first, second };
}
async function staffOf(show: MadeShow): Promise<Door> {
  const id = await makeUser(running.app.db);
  const { staff, doorOf } = running.app.checkIn;
  must(await staff.appoint({ user: show.organizerId, owner: show.organizerId }, `${id}@test.example`));
  return must(await doorOf(userOf(id, 'staff')));
}
const admit = (door: Door, body: Parameters<App['checkIn']['admit']>[1]) => running.app.checkIn.admit(door, body);
const logOf = async (ticket: string) => {
  const { rows } = await running.app.db.query<{ result: string }>(
    'select result from check_in where ticket_id = $1 order by id',
    [ticket]
  );
  return rows.map(({ result }) => result);
};

describe('a ticket at the door', () => {
  it('lets one person in, by its QR code or by its short code, and says who and which of how many', async () => {
    const { door, show, first, second } = await evening();
    expect(must(await admit(door, { code: first.code, gate: 'North' }))).toMatchObject({
      gate: 'North',
      ticket: { id: first.id, label: 'Stalls, row A, seat 1', attendee: 'Ada Test', n: 1, of: 2 }
    });
    const typed = groupShortCode(second.short).toLowerCase();
    expect(must(await admit(door, { code: typed, showId: show.id })).ticket).toMatchObject({ id: second.id, n: 2 });
    const again = await admit(door, { code: first.code });
    expect(isRefusal(again) && again.details).toMatchObject({ gate: 'North', at: expect.stringMatching(/Z$/) });
    expect(codeOf(again)).toBe('ALREADY_USED');
    expect(await logOf(first.id)).toEqual(['admitted', 'already used']);
    expect(must(await running.app.checkIn.counts(door, show.id))).toEqual({ admitted: 2, expected: 2 });
  });

  it('read by fifty gates of two nodes at once lets exactly one in', async () => {
    const { door, show, first } = await evening();
    const gates = Array.from({ length: 50 }, (_, n) => (n % 2 ? running.app : beside.app));
    const answers = await Promise.all(
      gates.map(({ checkIn }, n) => checkIn.admit(door, { code: first.code, showId: show.id, gate: `Gate ${n}` }))
    );
    expect(answers.map(codeOf).toSorted()).toEqual([...Array<string>(49).fill('ALREADY_USED'), 'OK']);
    const [winner] = answers.filter((answer) => !isRefusal(answer));
    const told = answers.flatMap((answer) => (isRefusal(answer) ? [answer.details['gate']] : []));
    expect(new Set(told)).toEqual(new Set([winner && !isRefusal(winner) ? winner.gate : null]));
    expect((await logOf(first.id)).filter((result) => result === 'admitted')).toHaveLength(1);
  });

  it('is refused, with the reason, when it is not ours, altered, for another show, cancelled or exchanged', async () => {
    const { door, show, first, second, booked } = await evening();
    const other = await makeShow(running.app.db, 10);
    await running.app.db.query('update event set organizer_id = $2 where id = $1', [other.eventId, show.organizerId]);
    const reasonOf = async (body: Parameters<typeof admit>[1]) => {
      const answer = await admit(door, body);
      expect(codeOf(answer)).toBe('BAD_TICKET');
      return isRefusal(answer) ? answer.details['reason'] : null;
    };
    const altered = first.code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(await reasonOf({ code: altered })).toBe('unknown');
    expect(await reasonOf({ code: 'https://example.com' })).toBe('unknown');
    expect(await reasonOf({ code: running.app.tickets.codes.sign(randomUUID()) })).toBe('unknown');
    expect(await reasonOf({ code: '000-000-000', showId: show.id })).toBe('unknown');
    expect(await reasonOf({ code: first.code, showId: other.id })).toBe('other show');
    await running.app.db.query('update booking_seat set live = false where booking_id = $1 and seat_index = 1', [
      booked.bookingId
    ]);
    expect(await reasonOf({ code: second.code })).toBe('replaced');
    for (const status of ['CANCELLED', 'REFUND_DUE', 'REFUNDED']) {
      await running.app.db.query('update booking set status = $2 where id = $1', [booked.bookingId, status]);
      expect(await reasonOf({ code: first.code })).toBe('cancelled');
    }
    expect(must(await running.app.checkIn.counts(door, show.id))).toEqual({ admitted: 0, expected: 0 });
  });

  it('whose booking is refunded in that very moment is either refunded or let in, never both', async () => {
    const { door, first, booked } = await evening();
    const { db } = running.app;
    const client = await db.pool.connect();
    await client.query('begin');
    await client.query(`update booking set status = 'REFUNDED' where id = $1`, [booked.bookingId]);
    const waiting = admit(door, { code: first.code });
    // It waits for the refund, which has the booking's lock, and then sees it.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.query('commit');
    client.release();
    expect(codeOf(await waiting)).toBe('BAD_TICKET');
    const { rows } = await db.query('select 1 from ticket where booking_id = $1 and checked_in_at is not null', [
      booked.bookingId
    ]);
    expect(rows).toEqual([]);
  });

  it('scanned by mistake is taken back by the same person at once, with a line in the audit log', async () => {
    const { door, show, first } = await evening();
    const colleague = await staffOf(show);
    must(await admit(door, { code: first.code, gate: 'North' }));
    const { undo } = running.app.checkIn;
    expect(codeOf(await undo(colleague, first.id))).toBe('NOT_FOUND');
    must(await undo(door, first.id));
    expect(codeOf(await undo(door, first.id))).toBe('NOT_FOUND');
    must(await admit(colleague, { code: first.code }));
    expect(await logOf(first.id)).toEqual(['admitted', 'undone', 'admitted']);
    const { rows } = await running.app.db.query(
      `select before ->> 'ticket' as ticket from audit_log where action = 'undo check-in' and user_id = $1`,
      [door.user]
    );
    expect(rows).toEqual([{ ticket: first.id }]);
    // Half a minute later it stands.
    await running.app.db.query(`update ticket set checked_in_at = now() - interval '31 seconds' where id = $1`, [
      first.id
    ]);
    expect(codeOf(await undo(colleague, first.id))).toBe('NOT_FOUND');
  });

  it('cannot be guessed: wrong short codes are counted, and then slowed down', async () => {
    const { door, show, first } = await evening();
    const answers = [];
    for (let n = 0; n < 21; n++) {
      answers.push(codeOf(await admit(door, { code: String(100_000_000 + n), showId: show.id })));
    }
    expect(answers.slice(0, 20)).toEqual(Array<string>(20).fill('BAD_TICKET'));
    expect(answers[20]).toBe('RATE_LIMITED');
    // Scanning goes on: a signed code cannot be guessed.
    expect(codeOf(await admit(door, { code: first.code }))).toBe('OK');
  });

  it('has a short code that no other of its show has, and that does not follow from its id', async () => {
    const { db } = running.app;
    const show = await makeShow(db, 2000);
    const { tickets } = await bookWithTickets(
      db,
      show,
      Array.from({ length: 2000 }, (_, n) => n)
    );
    const codes = tickets.map(({ short_code }) => short_code);
    expect(new Set(codes).size).toBe(2000);
    const used = new Set(codes.join(''));
    expect(used.size).toBe(32);
  });
});

describe('who may let people in', () => {
  it('is an admin everywhere, an organizer at their own shows, and staff at those of whoever appointed them', async () => {
    const { show, first } = await evening();
    const { checkIn, db } = running.app;
    const doorOf = async (role: Role) => checkIn.doorOf(userOf(await makeUser(db, role), role));
    expect(codeOf(await doorOf('customer'))).toBe('FORBIDDEN');
    expect(codeOf(await doorOf('staff'))).toBe('FORBIDDEN');
    expect(codeOf(await checkIn.doorOf(null))).toBe('UNAUTHENTICATED');
    const stranger = must(await doorOf('organizer'));
    const answer = await admit(stranger, { code: first.code });
    expect([codeOf(answer), isRefusal(answer) && answer.details['reason']]).toEqual(['BAD_TICKET', 'unknown']);
    expect(codeOf(await checkIn.show(stranger, show.id))).toBe('NOT_FOUND');
    const staff = await staffOf(show);
    expect(must(await checkIn.shows(staff)).map(({ id }) => id)).toEqual([show.id]);
    must(await admit(staff, { code: first.code }));
    const manager = { user: show.organizerId, owner: show.organizerId };
    expect(
      codeOf(await checkIn.staff.remove({ user: stranger.user, owner: stranger.user }, show.organizerId, staff.user))
    ).toBe('NOT_FOUND');
    expect(await checkIn.staff.list(manager)).toHaveLength(1);
    expect(await checkIn.staff.remove(manager, show.organizerId, staff.user)).toBeNull();
    expect(codeOf(await checkIn.doorOf(userOf(staff.user, 'staff')))).toBe('FORBIDDEN');
    expect(codeOf(await checkIn.staff.appoint(manager, 'nobody@test.example'))).toBe('INVALID');
    const { rows } = await db.query<{ action: string }>('select action from audit_log where user_id = $1 order by id', [
      show.organizerId
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['appoint staff', 'remove staff']);
    const admin = must(await doorOf('admin'));
    expect(codeOf(await admit(admin, { code: first.code }))).toBe('ALREADY_USED');
  });

  it('is asked over HTTP with the answers of the protocol', async () => {
    const { show, first, second } = await evening();
    const staff = await person(running, 'staff');
    const { db } = running.app;
    const post = (body: object, token?: string) =>
      call(running.url, 'POST /check-ins', { body, ...(token ? { token } : {}) });
    expect((await post({ code: first.code })).status).toBe(401);
    expect((await post({ code: first.code }, staff.token)).status).toBe(403);
    await db.query('insert into staff_member (organizer_id, user_id) values ($1, $2)', [show.organizerId, staff.id]);
    const { token } = staff;
    expect(await post({ code: first.code, showId: show.id }, token)).toMatchObject({
      status: 200,
      body: { ticket: { n: 1 } }
    });
    expect(await post({ code: first.code }, token)).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_USED', at: expect.any(String) }
    });
    expect(await post({ code: 'nonsense' }, token)).toMatchObject({
      status: 422,
      body: { code: 'BAD_TICKET', reason: 'unknown' }
    });
    expect(await post({ code: second.short }, token)).toMatchObject({ status: 422, body: { code: 'INVALID' } });
    expect((await post({}, token)).status).toBe(422);
    expect(await call(running.url, `GET /check-ins/counts?showId=${show.id}`, { token })).toMatchObject({
      body: { admitted: 1, expected: 2 }
    });
    const found = await call(running.url, `GET /check-ins/search?showId=${show.id}&q=A2`, { token });
    expect(found.body).toMatchObject({ items: [{ id: second.id, label: 'Stalls, row A, seat 2', at: null }] });
    expect(await post({ ticketId: second.id, showId: show.id }, token)).toMatchObject({ status: 200 });
  });
});

describe('the gates of a show', () => {
  it('hear from every node how many are in; strangers hear nothing', async () => {
    const { show, door, first } = await evening();
    const staff = await person(running, 'staff');
    await running.app.db.query('insert into staff_member (organizer_id, user_id) values ($1, $2)', [
      ...[show.organizerId, staff.id]
    ]);
    const [gate, stranger] = [
      await connect(0, { token: staff.token }),
      await connect(0, { token: (await person(running)).token })
    ];
    const heard: unknown[] = [];
    for (const socket of [gate, stranger]) socket.on('check-in', (event) => heard.push([socket === gate, event]));
    expect(await say(gate, 'check-in:watch', { showId: show.id })).toMatchObject({
      ok: true,
      admitted: 0,
      expected: 2
    });
    expect(await say(stranger, 'check-in:watch', { showId: show.id })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    must(await beside.app.checkIn.admit(door, { code: first.code }));
    await until(() => heard.length > 0, 5000);
    expect(heard).toEqual([[true, { showId: show.id, admitted: 1, expected: 2 }]]);
  });

  it('take a list along that finds tickets by their codes but has none of them', async () => {
    const { show, door, first, second } = await evening();
    must(await admit(door, { code: first.code }));
    const { items, next } = must(await running.app.checkIn.list(door, show.id));
    const hash = async (text: string) => {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(listedAs(show.id, text)));
      return Buffer.from(digest).toString('base64url').slice(0, 22);
    };
    const at = async (code: string, short: string) => {
      const found = items.find((item) => item.label.endsWith(code === first.code ? 'seat 1' : 'seat 2'));
      expect(found).toMatchObject({ code: await hash(code), short: await hash(short), attendee: 'Ada Test' });
      return found?.at;
    };
    expect(await at(first.code, first.short)).toMatch(/Z$/);
    expect(await at(second.code, second.short)).toBeNull();
    expect(next).toBeNull();
    for (const secret of [first.code, first.short, first.id]) expect(JSON.stringify(items)).not.toContain(secret);
  });

  it('merge what happened without a network: twice is once, and who was in already is listed', async () => {
    const { show, door, first, second } = await evening();
    const colleague = await staffOf(show);
    const at = new Date(Date.now() - 60_000).toISOString();
    must(await admit(colleague, { code: second.code, gate: 'South' }));
    const body = {
      ...{ showId: show.id, gate: 'North' },
      admissions: [
        { code: first.short, at },
        { code: second.code, at },
        { code: 'forged', at }
      ]
    };
    const expected = [
      { code: first.short, outcome: 'merged', label: 'Stalls, row A, seat 1' },
      { code: second.code, outcome: 'conflict', message: expect.stringMatching(/^Already let in at .* at South\.$/) },
      { code: 'forged', outcome: 'bad ticket' }
    ];
    for (let time = 0; time < 2; time++) {
      const { merged, counts } = must(await running.app.checkIn.merge(door, body));
      expect(merged).toMatchObject(expected);
      expect(counts).toEqual({ admitted: 2, expected: 2 });
    }
    const { rows } = await running.app.db.query<{ checked_in_at: Date }>(
      'select checked_in_at from ticket where id = $1',
      [first.id]
    );
    expect(rows[0]?.checked_in_at.toISOString()).toBe(at);
  });

  it('tell an answer that was lost from a second person with the same ticket', async () => {
    const { show, door, first, second } = await evening();
    const [lost, other] = [randomUUID(), randomUUID()];
    must(await admit(door, { code: first.code, attempt: lost }));
    must(await admit(door, { code: second.code, attempt: randomUUID() }));
    const at = new Date().toISOString();
    const { merged } = must(
      await running.app.checkIn.merge(door, {
        showId: show.id,
        admissions: [
          { code: first.code, at, attempt: lost },
          { code: second.code, at, attempt: other }
        ]
      })
    );
    expect(merged.map(({ outcome }) => outcome)).toEqual(['merged', 'conflict']);
  });
});
