import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violatedConstraint } from '../../server/db/database.ts';
import { bookingFacts } from '../../server/mail/templates/booking-facts.ts';
import { readBooking } from '../../server/booking/views.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi, type Answer } from './api-server.ts';
import { must } from './house.ts';
import { idOf, makeDesk, person, PRICES, VENUE, type Person } from './organizers.ts';
import { readPdf } from './pdf-file.ts';
import { makeConfig } from './stack.ts';
import { bookWithTickets } from './ticketed.ts';

/** Venues of several rooms: who is in which, and who is told. */
let running: Running;
let otto: Person;
beforeAll(async () => {
  running = await startApi(await makeConfig({ ORIGIN: 'http://localhost:3000' }));
  otto = await person(running, 'organizer');
});
afterAll(() => running.close());

const ask = (what: string, body?: unknown, by = otto) =>
  call(running.url, what, { token: by.token, ...(body === undefined ? {} : { body }) });
const wrong = (answer: Answer) => [answer.status, (answer.body?.['errors'] as { path: string; message: string }[])[0]];
const makeVenue = async (...rooms: string[]) => idOf(await ask('POST /venues', { ...VENUE, rooms }));
const makePlan = async (venueId: string, room: string | null = null, name = 'Rows') =>
  idOf(await ask('POST /plans', { venueId, name, generate: 120, room }));
const page = async (path: string, by: Person | null = otto, form?: Record<string, string>) => {
  const answer = await fetch(`${running.url}${path}`, {
    headers: {
      accept: 'text/html',
      origin: running.app.config.origin,
      ...(by ? { cookie: `fullhouse_session=${by.token}` } : {})
    },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {})
  });
  return (await answer.text()).replaceAll(/<!--.*?-->/g, '').replaceAll(/\s+/g, ' ');
};

describe('the rooms of a venue', () => {
  it('keep the order they are given in, and each has a name of its own', async () => {
    const id = await makeVenue('Studio', 'Main hall', 'Foyer');
    expect((await ask(`PATCH /venues/${id}`, { rooms: ['Main hall', 'studio'] })).body).toMatchObject({
      rooms: ['Main hall', 'studio']
    });
    expect((await ask('GET /venues?q=Test House')).text).toContain('["Main hall","studio"]');
    expect(wrong(await ask(`PATCH /venues/${id}`, { rooms: ['Foyer', ' foyer'] }))).toMatchObject([
      ...[422, { path: 'rooms', message: 'names one twice' }]
    ]);
    expect(wrong(await ask(`PATCH /venues/${id}`, { rooms: [''] }))).toMatchObject([422, { path: 'rooms.0' }]);
    expect((await ask(`PATCH /venues/${id}`, { city: 'Bonn' })).body).toMatchObject({ rooms: ['Main hall', 'studio'] });
  });

  it('are not taken from the plans that are for them', async () => {
    const id = await makeVenue('Studio', 'Main hall');
    const plans = [await makePlan(id, 'studio', 'Opera'), await makePlan(id, 'Studio', 'Concert')];
    expect(wrong(await ask(`PATCH /venues/${id}`, { rooms: ['Studio 2', 'Main hall'], city: 'Bonn' }))).toEqual([
      422,
      {
        path: 'rooms',
        message:
          'must keep “Studio”, which the seating plans “Concert”, “Opera” are for: give them another room first, or rename this one'
      }
    ]);
    expect((await ask(`GET /venues/${id}`)).body).toMatchObject({ rooms: ['Studio', 'Main hall'], city: 'Berlin' });
    for (const plan of plans) await ask(`PATCH /plans/${plan}`, { room: 'Main hall' });
    expect((await ask(`PATCH /venues/${id}`, { rooms: ['Main hall'] })).status).toBe(200);
  });

  it('take their plans along under another name', async () => {
    const id = await makeVenue('Studio', 'Main hall');
    const plan = await makePlan(id, 'Studio');
    expect(wrong(await ask(`PATCH /venues/${id}`, { renameRoom: { from: 'Studio', to: 'main Hall' } }))).toEqual([
      ...[422, { path: 'renameRoom.to', message: 'is the name of another room of this venue' }]
    ]);
    expect(wrong(await ask(`PATCH /venues/${id}`, { renameRoom: { from: 'Cellar', to: 'Attic' } }))).toEqual([
      ...[422, { path: 'renameRoom.from', message: 'is not a room of this venue' }]
    ]);
    const renamed = await ask(`PATCH /venues/${id}`, { renameRoom: { from: 'Studio', to: 'Black box' }, version: 1 });
    expect(renamed.body).toMatchObject({ rooms: ['Black box', 'Main hall'], version: 2 });
    expect((await ask(`GET /plans/${plan}`)).body).toMatchObject({ room: 'Black box' });
    const late = await ask(`PATCH /venues/${id}`, { renameRoom: { from: 'Black box', to: 'Studio' }, version: 1 });
    expect([late.status, late.body?.['code']]).toEqual([409, 'CHANGED_MEANWHILE']);
  });

  it('are for plans of the same venue alone, and for people whose it is', async () => {
    const [id, other] = [await makeVenue('Studio'), await makeVenue('Cellar')];
    const nora = await person(running, 'organizer');
    expect(wrong(await ask('POST /plans', { venueId: id, name: 'Rows', generate: 120, room: 'Cellar' }))).toMatchObject(
      [...[422, { path: 'room' }]]
    );
    const plan = await makePlan(other, 'Cellar');
    expect(wrong(await ask(`PATCH /plans/${plan}`, { room: 'Studio' }))).toMatchObject([422, { path: 'room' }]);
    expect((await ask(`PATCH /plans/${plan}`, { room: null }, nora)).status).toBe(404);
    expect((await ask(`PATCH /venues/${id}`, { rooms: [] }, nora)).status).toBe(404);
    expect((await ask(`GET /plans/${plan}`)).body).toMatchObject({ room: 'Cellar' });
  });

  it('are kept by the database, too', async () => {
    const { db } = running.app;
    const id = await makeVenue('Studio', 'Main hall');
    const plan = await makePlan(id, 'Studio');
    const draft = (await ask(`POST /plans/${plan}/draft`)).body?.['id'];
    const broken = async (text: string, values: unknown[]) =>
      db.transaction((sql) => sql.query(text, values)).then(() => 'kept nothing', violatedConstraint);
    expect(await broken('delete from venue_room where venue_id = $1 and name = $2', [id, 'Studio'])).toBe(
      'seating_plan_room_fkey'
    );
    expect(await broken('update seating_plan set room = $2 where id = $1', [draft, 'Main hall'])).toBe(
      'one_room_per_series'
    );
  });
});

describe('a plan', () => {
  it('is for one room in all its versions, also in one that is begun in this moment', async () => {
    const id = await makeVenue('Studio', 'Main hall');
    for (const room of ['Studio', 'Main hall', null]) {
      const plan = await makePlan(id);
      const answers = await Promise.all([ask(`PATCH /plans/${plan}`, { room }), ask(`POST /plans/${plan}/draft`)]);
      expect(answers.map(({ status }) => Math.floor(status / 100))).toEqual([2, 2]);
      const draft = String(answers[1]?.body?.['id']);
      expect((await ask(`GET /plans/${draft}`)).body).toMatchObject({ room, number: 2 });
      // What is drawn has not changed: whoever draws it may save.
      expect((await ask(`GET /plans/${draft}`)).body).toMatchObject({ version: 1 });
      const copy = (await ask(`POST /plans/${plan}/duplicate`)).body;
      expect(copy).toMatchObject({ room, number: 1 });
    }
  });

  it('says to the second of two people that its room has changed', async () => {
    const id = await makeVenue('Studio', 'Main hall');
    const plan = await makePlan(id);
    expect((await ask(`PATCH /plans/${plan}`, { room: 'Studio', version: 1 })).status).toBe(200);
    expect((await ask(`PATCH /plans/${plan}`, { room: 'Main hall', version: 1 })).body).toMatchObject({
      code: 'CHANGED_MEANWHILE'
    });
  });
});

describe('a show in a room', () => {
  it('is there wherever people are told where it is', { timeout: 90_000 }, async () => {
    const { db } = running.app;
    const venueId = await makeVenue('Studio');
    const planId = await makePlan(venueId, 'Studio');
    const eventId = idOf(await ask('POST /events', { kind: 'theatre', title: 'Roomy' }));
    const body = { eventId, planId, startsAt: '2031-12-12T19:30:00+01:00', currency: 'EUR', prices: PRICES };
    const showId = idOf(await ask('POST /shows', body));
    const show = { id: showId, planId, eventId, organizerId: otto.id };
    const { bookingId } = await bookWithTickets(db, show, [0]);
    const ada = await person(running);
    await db.query('update booking set user_id = $2 where id = $1', [bookingId, ada.id]);
    const PLACE = 'Test House, Studio';
    // Vite builds each page when it is first asked for, so only a few are looked at; the others say it the same way.
    for (const [path, by] of [
      ...[`/events/${eventId}`, `/shows/${showId}`].map((path) => [path, null] as const),
      ...[[`/bookings/${bookingId}`, ada] as const, ['/check-in', otto] as const]
    ]) {
      expect(await page(path, by), path).toContain(PLACE);
    }
    const view = await readBooking(db, bookingId, ada.id);
    expect(view && bookingFacts(view)).toContainEqual(['Where', `${PLACE}, Berlin`]);
    const calendar = await ask(`GET /bookings/${bookingId}/calendar.ics`, undefined, ada);
    expect(calendar.text.replaceAll('\\,', ',')).toContain(`LOCATION:${PLACE}, Berlin`);
    const [ticket] = readPdf(await buffer(must(await running.app.tickets.pdf(bookingId, 'anybody')).stream));
    expect(ticket?.text.replaceAll(/\s/g, '')).toContain(`${PLACE}, Berlin`.replaceAll(/\s/g, ''));
    expect((await ask('GET /admin/shows.csv')).text).toMatch(/Venue,Room,City[\s\S]*Roomy,Test House,Studio,Berlin/);
    expect((await ask('GET /admin/bookings.csv')).text).toMatch(/Venue,Room,Seats[\s\S]*Test House,Studio,1/);
    expect((await ask('GET /shows?q=studio')).text).toContain('"name":"Test House","room":"Studio"');
    for (const path of ['reports/shows', 'bookings', 'reports/occupancy?from=2031-12-01&to=2031-12-31']) {
      expect((await ask(`GET /admin/${path}`)).text, path).toContain(PLACE);
    }
    expect((await ask('GET /me/export', undefined, ada)).text).toContain('"room":"Studio"');

    await ask(`PATCH /venues/${venueId}`, { renameRoom: { from: 'Studio', to: 'Black box' } });
    expect(await page(`/shows/${showId}`, null)).toContain('Test House, Black box');
    await ask(`PATCH /plans/${planId}`, { room: null });
    expect((await ask(`GET /shows/${showId}`)).body).toMatchObject({ venue: { name: 'Test House', room: null } });
    expect(await page(`/events/${eventId}`, null)).not.toContain('Black box');
  });
});

describe('the page of a venue, without JavaScript', () => {
  it('names its rooms, one a line, keeps those that are used, renames them, and gives them to plans', async () => {
    const { venueId, planId } = await makeDesk(running, otto, 'Amsel');
    const at = `/admin/venues/${venueId}`;
    const venue = { name: 'Amsel House', address: '', city: 'Amselstadt', country: 'DE', timeZone: 'Europe/Berlin' };
    const id = { __superform_id: `venue-${venueId}` };
    const saved = await page(`${at}?/save`, otto, {
      ...id,
      ...venue,
      rooms: 'Main hall\r\n\r\n Studio \r\n',
      version: '1'
    });
    expect(saved).toContain('Saved.');
    expect((await ask(`GET /venues/${venueId}`)).body).toMatchObject({ rooms: ['Main hall', 'Studio'], version: 2 });
    expect(await page(`${at}?/room`, otto, { plan: planId, room: 'Studio', version: '1' })).toContain(
      '“Amsel plan” is for “Studio” now, and so are its shows.'
    );
    const kept = await page(`${at}?/save`, otto, { ...id, ...venue, rooms: 'Main hall', version: '2' });
    expect(kept).toContain('Rooms must keep “Studio”, which the seating plan “Amsel plan” is for');
    const late = await page(`${at}?/renameRoom`, otto, { from: 'Studio', to: 'Black box', version: '1' });
    expect(late).toContain('Somebody else has changed this since you opened it.');
    const renamed = await page(`${at}?/renameRoom`, otto, { from: 'Studio', to: 'Black box', version: '2' });
    expect(renamed).toContain('“Studio” is called “Black box” now');
    expect((await ask(`GET /plans/${planId}`)).body).toMatchObject({ room: 'Black box' });
    const copy = await page(`/admin/venues/new?copy=${venueId}`);
    expect(copy).toMatch(/<textarea[^>]*name="rooms"[^>]*>\s?Main hall Black box<\/textarea>/);
    const plans = await page('/admin/plans/new', otto, {
      name: 'Second',
      place: `${venueId}/Main hall`,
      generate: '120'
    });
    expect(plans).toContain('Amsel House, Main hall');
    const nora = await person(running, 'organizer');
    expect(await page(`${at}?/room`, nora, { plan: planId, room: '', version: '2' })).toContain('no such');
  });
});
