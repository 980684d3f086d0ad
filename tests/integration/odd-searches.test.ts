import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';

/** Postgres has no text with a zero byte: whoever sends one hears that it is wrong, and never that we broke. */
let running: Running;
let otto: Person;

beforeAll(async () => {
  running = await startApi(await makeConfig());
  otto = await person(running, 'organizer');
});
afterAll(() => running.close());

const ODD = ['%00', 'a%00b', '%01', 'a%1Fb', '%7F', '%C2%85'];
const ASKED = [
  ...['/events?q=', '/events?city=', '/events?venue=', '/events?cursor=', '/events?mine=true&q='],
  ...['/venues?q=', '/plans?q=', '/shows?q=', '/shows?venue=', '/bookings/mine?cursor=']
];
const PAGES = ['/?q=', '/?city=', '/admin/venues?q=', '/admin/events?q=', '/admin/shows?q=', '/admin/shows?event='];

describe('a search with control characters', () => {
  it.each(ASKED)('of the API is refused or ignored: %s', async (path) => {
    for (const odd of ODD) {
      const { status } = await call(running.url, `GET ${path}${odd}`, { token: otto.token });
      expect([200, 400, 422], `${path}${odd}`).toContain(status);
    }
    expect((await call(running.url, `GET ${path}%00`, { token: otto.token })).status).toBe(400);
  });

  it.each(PAGES)('on a page is a search we do not understand: %s', async (path) => {
    for (const odd of ODD) {
      const answer = await fetch(`${running.url}${path}${odd}`, {
        headers: { cookie: `fullhouse_session=${otto.token}` }
      });
      expect(answer.status, `${path}${odd}`).toBe(400);
    }
  });

  it('names no thing of ours in an address either', async () => {
    for (const path of ['/events/%00', '/shows/%00', '/venues/%00', '/bookings/%00']) {
      expect((await call(running.url, `GET ${path}`, { token: otto.token })).status, path).toBe(400);
    }
    expect((await fetch(`${running.url}/events/a%00b`)).status).toBe(400);
  });
});
