import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLine } from '../../server/reports/audit-log.ts';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { idOf, makeDesk, person, VENUE, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** Who did what, and who gets to read it. */
let running: Running;
let admin: Person;
let otto: Person;
let nora: Person;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  [admin, otto, nora] = [
    await person(running, 'admin'),
    await person(running, 'organizer'),
    await person(running, 'organizer')
  ];
});
afterAll(() => running.close());

const ask = (by: Person, what: string, body?: unknown) =>
  call(running.url, what, { token: by.token, ...(body === undefined ? {} : { body }) });
async function lines(by: Person, query = ''): Promise<AuditLine[]> {
  const answer = await ask(by, `GET /admin/audit?limit=100&${query}`);
  return (answer.body as unknown as { items: AuditLine[] }).items;
}

describe('the audit log', () => {
  it('tells only what is different', async () => {
    const id = idOf(await ask(otto, 'POST /venues', VENUE));
    await ask(otto, `PATCH /venues/${id}`, { city: 'Bonn' });
    const [changed, made] = await lines(otto, `thing=${id}`);
    expect(made).toMatchObject({ action: 'create', kind: 'venue', thing: { id, name: VENUE.name } });
    expect(changed).toMatchObject({
      action: 'update',
      changed: [{ field: 'city', before: 'Berlin', after: 'Bonn' }]
    });
  });

  it('shows organizers what others did with their things, also when these are gone', async () => {
    const id = idOf(await ask(otto, 'POST /venues', VENUE));
    await ask(admin, `PATCH /venues/${id}`, { city: 'Köln' });
    await ask(admin, `DELETE /venues/${id}`);
    const own = await lines(otto, `thing=${id}`);
    expect(own.map(({ action }) => action)).toEqual(['delete', 'update', 'create']);
    expect(own[0]?.thing.name).toBe(VENUE.name);
    expect(await lines(nora, `thing=${id}`)).toEqual([]);
    expect(await lines(admin, `thing=${id}`)).toHaveLength(3);
  });

  it('tells whose a thing was that is gone, and names what went with it', async () => {
    const desk = await makeDesk(running, otto, 'Rotkehlchen');
    const other = idOf(
      await ask(otto, 'POST /plans', { venueId: desk.venueId, name: 'Rotkehlchen spare', generate: 120 })
    );
    await ask(admin, `DELETE /plans/${other}`);
    await ask(admin, `DELETE /events/${desk.eventId}`);
    await ask(admin, `DELETE /venues/${desk.venueId}`);
    for (const thing of [other, desk.showId, desk.eventId, desk.planId, desk.venueId]) {
      const [gone] = await lines(otto, `thing=${thing}`);
      expect(gone, thing).toMatchObject({ action: 'delete', thing: { name: expect.stringContaining('Rotkehlchen') } });
      expect(await lines(nora, `thing=${thing}`)).toEqual([]);
    }
  });

  it('shows organizers every kind of their own things, and none of another’s', async () => {
    const desk = await makeDesk(running, nora, 'Nachtigall');
    await ask(admin, `PATCH /shows/${desk.showId}`, { seatsPerBuyer: 2 });
    await ask(admin, `DELETE /shows/${desk.showId}`);
    await ask(admin, `DELETE /events/${desk.eventId}`);
    const kinds = (all: AuditLine[]) => [...new Set(all.map(({ kind }) => kind))].sort();
    const own = await lines(nora);
    expect(kinds(own)).toEqual(['event', 'plan', 'show', 'venue']);
    expect(own.filter(({ action }) => action === 'delete')).toHaveLength(2);
    expect(JSON.stringify(await lines(otto))).not.toContain('Nachtigall');
    // Accounts are the admins' own matter.
    await ask(admin, `PATCH /admin/users/${(await person(running)).id}`, { role: 'staff' });
    expect(kinds(await lines(nora))).not.toContain('user');
    expect(kinds(await lines(admin))).toContain('user');
  });

  it('is searched by kind, action and day, and comes in pages that leave nothing out', async () => {
    const all = await lines(admin);
    expect((await lines(admin, 'action=delete')).every(({ action }) => action === 'delete')).toBe(true);
    expect((await lines(admin, 'kind=venue')).every(({ kind }) => kind === 'venue')).toBe(true);
    expect(await lines(admin, 'to=2020-01-01')).toEqual([]);
    const paged: number[] = [];
    let cursor = '';
    do {
      const answer = await ask(admin, `GET /admin/audit?limit=3&cursor=${cursor}`);
      const { items, next } = answer.body as unknown as { items: AuditLine[]; next: string | null };
      paged.push(...items.map(({ id }) => id));
      cursor = next ?? '';
    } while (cursor !== '');
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  it('comes as a file of one’s own lines', async () => {
    const answer = await ask(nora, 'GET /admin/audit.csv?action=delete');
    expect(answer.text.split('\r\n').filter((line) => line !== '')).toHaveLength(3);
    expect(answer.text).toContain('Nachtigall');
    expect((await ask(otto, 'GET /admin/audit.csv')).text).not.toContain('Nachtigall');
  });
});
