import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groupShortCode } from '../../src/lib/domain/short-code.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { must } from './house.ts';
import { person } from './organizers.ts';
import { readPdf, readQr } from './pdf-file.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';
import { bookWithTickets } from './ticketed.ts';

let running: Running;

beforeAll(async () => {
  running = await startApi(await makeConfig({ ORIGIN: 'https://tickets.example' }));
});
afterAll(() => running.close());

async function booked(count = 2, prepare: (show: MadeShow) => Promise<unknown> = () => Promise.resolve()) {
  const { db } = running.app;
  const show = await makeShow(db, 60);
  await db.query(`update show set starts_at = '2026-12-12T14:00Z', doors_at = '2026-12-12T13:15Z' where id = $1`, [
    show.id
  ]);
  await db.query(
    `update venue set time_zone = 'Asia/Kolkata', name = 'Opera House', city = 'Mumbai',
                                   address = '1 Bridge Road' where id = (select venue_id from show where id = $1)`,
    [show.id]
  );
  await prepare(show);
  const owner = await person(running);
  const booking = await bookWithTickets(
    db,
    show,
    Array.from({ length: count }, (_, n) => n)
  );
  await db.query('update booking set user_id = $2 where id = $1', [booking.bookingId, owner.id]);
  return { show, owner, ...booking };
}
/** Where a line or a font ends is nobody's concern here. */
const bare = (text: string) => text.replaceAll(/\s/g, '');
const pdfOf = async (bookingId: string) =>
  readPdf(await buffer(must(await running.app.tickets.pdf(bookingId, 'anybody')).stream));

describe('the PDF of a booking', () => {
  it('has a page for each ticket, with what, when, where and who in words', async () => {
    const { bookingId, tickets } = await booked(3);
    await running.app.db.query(
      `update booking_seat set attendee = 'Zoë Łukasz' where booking_id = $1 and seat_index = 1`,
      [bookingId]
    );
    const pages = await pdfOf(bookingId);
    expect(pages).toHaveLength(3);
    const [first = '', second = ''] = pages.map(({ text }) => text);
    for (const fact of [
      ...['A Test Play', 'Saturday 12 December 2026, 19:30, India', 'Opera House', '1 Bridge Road', '18:45'],
      ...['Stalls, row A, seat 1', '€25', bookingId, 'Ticket 1 of 3', groupShortCode(tickets[0]?.short_code ?? '?')]
    ])
      expect(bare(first)).toContain(bare(fact));
    expect(bare(second)).toContain('ZoëŁukasz');
    expect(bare(second)).toContain(groupShortCode(tickets[1]?.short_code ?? '?'));
  });

  it('shows on each page the QR code of that ticket, as a scanner reads it', async () => {
    const { bookingId, tickets } = await booked(2);
    const pages = await pdfOf(bookingId);
    const read = await Promise.all(pages.map(readQr));
    expect(read.map((code) => running.app.tickets.codes.verify(code ?? ''))).toEqual(tickets.map(({ id }) => id));
  });

  it('prints names of any script, and boxes with a word about them where it has no letters', async () => {
    const names = [
      'किरण शर्मा',
      'محمد علي',
      'שלום',
      'Иван Ελλην',
      'தமிழ்',
      'সুমন',
      'สวัสดี',
      '李小龙',
      '👩‍👩‍👧 \u202eevil',
      'x'.repeat(120)
    ];
    const { bookingId } = await booked(names.length);
    for (const [seat, name] of names.entries()) {
      await running.app.db.query('update booking_seat set attendee = $3 where booking_id = $1 and seat_index = $2', [
        ...[bookingId, seat, name]
      ]);
    }
    const pages = await pdfOf(bookingId);
    const has = (n: number, word: string) => bare(pages[n]?.text ?? '').includes(bare(word));
    expect([has(3, 'Иван'), has(3, 'Ελλην'), has(2, 'Boxes stand')]).toEqual([true, true, false]);
    expect(bare(pages[0]?.text ?? '')).toMatch(/\p{Script=Devanagari}{3}/u);
    expect(bare(pages[1]?.text ?? '')).toMatch(/\p{Script=Arabic}{3}/u);
    expect(bare(pages[2]?.text ?? '')).toMatch(/\p{Script=Hebrew}{3}/u);
    expect(bare(pages[4]?.text ?? '')).toMatch(/\p{Script=Tamil}{2}/u);
    expect(bare(pages[5]?.text ?? '')).toMatch(/\p{Script=Bengali}{2}/u);
    expect(bare(pages[6]?.text ?? '')).toMatch(/\p{Script=Thai}{3}/u);
    expect([has(7, 'Boxes stand'), has(8, 'Boxes stand'), has(8, 'evil')]).toEqual([true, true, true]);
  });

  it('of fifty tickets is written page by page', async () => {
    const { bookingId } = await booked(50);
    const { stream, tickets } = must(await running.app.tickets.pdf(bookingId, 'anybody'));
    let chunks = 0;
    const parts: Buffer[] = [];
    for await (const chunk of stream) {
      chunks++;
      parts.push(chunk as Buffer);
    }
    expect([tickets, readPdf(Buffer.concat(parts)).length]).toEqual([50, 50]);
    expect(chunks).toBeGreaterThan(50);
  });
});

/** RFC 5545: lines end with CRLF and have at most 75 octets; a property is a name and a value. */
function readCalendar(text: string): Record<string, string> {
  const lines = text.split('\r\n');
  expect(lines.pop()).toBe('');
  for (const line of lines) {
    expect(line).not.toMatch(/[\r\n]/);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  }
  const properties = text
    .trimEnd()
    .replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n');
  expect([properties[0], properties.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR']);
  expect(properties.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
  const found: Record<string, string> = {};
  for (const property of properties) {
    const [, name, value] = /^([A-Z-]+)(?:;[^:]*)?:(.*)$/.exec(property) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not a property: ${property}`);
    if (name === 'BEGIN' || name === 'END') continue;
    if (name in found) throw new Error(`twice: ${name}`);
    found[name] = value.replaceAll('\\n', '\n').replaceAll(/\\([,;\\])/g, '$1');
  }
  return found;
}
const calendarOf = async (bookingId: string) =>
  readCalendar(must(await running.app.tickets.calendar(bookingId, 'anybody')));

describe('the calendar entry of a booking', () => {
  it('has its times in UTC, and the venue’s own in words', async () => {
    const { bookingId } = await booked();
    const entry = await calendarOf(bookingId);
    expect(entry).toMatchObject({
      ...{ METHOD: 'PUBLISH', STATUS: 'CONFIRMED', UID: `${bookingId}@tickets.example`, SUMMARY: 'A Test Play' },
      ...{ DTSTART: '20261212T140000Z', DURATION: 'PT120M', LOCATION: 'Opera House, 1 Bridge Road, Mumbai' }
    });
    expect(entry['DESCRIPTION']).toContain('Saturday 12 December 2026, 19:30, India Standard Time');
    expect(entry['DTSTAMP']).toMatch(/^\d{8}T\d{6}Z$/);
  });

  it('keeps its UID and counts up when the show moves', async () => {
    const { bookingId, show } = await booked();
    const before = await calendarOf(bookingId);
    await running.app.db.query(`update show set starts_at = '2026-12-13T14:30Z', version = version + 1 where id = $1`, [
      show.id
    ]);
    const after = await calendarOf(bookingId);
    expect([after['UID'], after['DTSTART']]).toEqual([before['UID'], '20261213T143000Z']);
    expect(Number(after['SEQUENCE'])).toBeGreaterThan(Number(before['SEQUENCE']));
  });

  it('takes itself away when the booking is cancelled', async () => {
    const { bookingId } = await booked();
    const before = await calendarOf(bookingId);
    await running.app.db.query(`update booking set status = 'CANCELLED' where id = $1`, [bookingId]);
    const after = await calendarOf(bookingId);
    expect(after).toMatchObject({ METHOD: 'CANCEL', STATUS: 'CANCELLED', UID: before['UID'] });
    expect(Number(after['SEQUENCE'])).toBeGreaterThan(Number(before['SEQUENCE']));
  });

  it('cannot be made to hold other properties by a title', async () => {
    const title = 'Evil\r\nATTACH:https://evil.test\nnext; one, two\\n';
    const { bookingId } = await booked(1, (show) =>
      running.app.db.query('update event set title = $2 where id = $1', [show.eventId, title])
    );
    const entry = await calendarOf(bookingId);
    expect(entry['ATTACH']).toBeUndefined();
    expect(entry['SUMMARY']).toContain('Evil ATTACH:https://evil.test');
  });
});

describe('the files of a booking', () => {
  it('are for its user, and kept by nobody on the way', async () => {
    const { owner, bookingId } = await booked();
    for (const [name, type] of [
      ['tickets.pdf', 'application/pdf'],
      ['calendar.ics', 'text/calendar; charset=utf-8']
    ] as const) {
      const path = `GET /bookings/${bookingId}/${name}`;
      const own = await call(running.url, path, { token: owner.token });
      expect([own.status, own.headers.get('content-type')]).toEqual([200, type]);
      expect(own.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
      expect(own.headers.get('cache-control')).toContain('no-store');
      for (const role of ['customer', 'organizer', 'staff', 'admin']) {
        const stranger = await person(running, role);
        expect((await call(running.url, path, { token: stranger.token })).status, role).toBe(404);
      }
      expect((await call(running.url, path)).status).toBe(401);
      expect((await call(running.url, `GET /bookings/${randomUUID()}/${name}`, { token: owner.token })).status).toBe(
        404
      );
      expect((await call(running.url, `GET /bookings/x/${name}`, { token: owner.token })).status).toBe(404);
    }
  });

  it('are there for whoever manages the show, by the show', async () => {
    const { show, bookingId } = await booked();
    const other = await makeShow(running.app.db, 10);
    const organizer = await person(running, 'organizer');
    await running.app.db.query('update event set organizer_id = $2 where id = any($1)', [
      ...[[show.eventId, other.eventId], organizer.id]
    ]);
    const get = (showId: string, booking: string) =>
      call(running.url, `GET /shows/${showId}/tickets.pdf?booking=${booking}`, { token: organizer.token });
    expect((await get(show.id, bookingId)).status).toBe(200);
    // A booking of another show is not there.
    expect((await get(other.id, bookingId)).status).toBe(404);
    expect((await get(show.id, 'x')).status).toBe(422);
  });

  it('no longer hold what lets nobody in', async () => {
    const { owner, bookingId } = await booked(2);
    const path = `GET /bookings/${bookingId}/tickets.pdf`;
    await running.app.db.query('update booking_seat set live = false where booking_id = $1 and seat_index = 0', [
      bookingId
    ]);
    expect(await pdfOf(bookingId)).toHaveLength(1);
    await running.app.db.query(`update booking set status = 'REFUNDED' where id = $1`, [bookingId]);
    expect((await call(running.url, path, { token: owner.token })).status).toBe(404);
  });
});
