import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../server/serve.ts';
import { call, startApi } from './api-server.ts';
import { idOf, makeDesk, person, type Person } from './organizers.ts';
import { makeConfig } from './stack.ts';
import { hold, visitorsOf } from './visitors.ts';
import type { MadeShow } from './shows.ts';

/** Seat maps on other sites: who may show them, and how seats that were chosen there come to the checkout. */
let running: Running;
let [owner, other, admin] = [] as unknown as [Person, Person, Person];
let [showId, otherShow] = ['', ''];
const visitors = visitorsOf(() => [running]);
const SITE = 'https://stage.example';

beforeAll(async () => {
  running = await startApi(await makeConfig({ WORKER: 'separate' }));
  [owner, other, admin] = [
    await person(running, 'organizer'),
    await person(running, 'organizer'),
    await person(running, 'admin')
  ];
  ({ showId } = await makeDesk(running, owner));
  ({ showId: otherShow } = await makeDesk(running, other, 'Other'));
});
afterAll(async () => {
  visitors.leaveAll();
  await running.close();
});

const add = (by: Person, origin: string) =>
  call(running.url, 'POST /embed-sites', { token: by.token, body: { origin } });
const remove = (by: Person, id: string) => call(running.url, `DELETE /embed-sites/${id}`, { token: by.token });
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${running.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });
const ancestorsOf = (answer: Response) =>
  /frame-ancestors ([^;]*)/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];

describe('a page that shows a seat map', () => {
  it('is one of the sites that the organizer of the show has listed, or an admin, and no other', async () => {
    const path = `/embed/shows/${showId}`;
    const closed = await get(path);
    expect([ancestorsOf(closed), closed.headers.get('x-frame-options')]).toEqual(["'none'", 'DENY']);

    const id = idOf(await add(owner, ` ${SITE.toUpperCase()}/ `));
    await add(other, 'https://other.example');
    const open = await get(path);
    expect([ancestorsOf(open), open.headers.get('x-frame-options')]).toEqual([SITE, null]);
    // A frame on another site knows its own guest, and asks no cookie who they are elsewhere.
    expect(open.headers.getSetCookie()).toEqual([]);
    expect(ancestorsOf(await get(`/embed/shows/${otherShow}`))).toBe('https://other.example');

    const all = idOf(await add(admin, 'https://city.example:8443'));
    expect(ancestorsOf(await get(path))).toBe(`https://city.example:8443 ${SITE}`);
    await remove(admin, all);

    await running.app.db.query('update app_user set suspended_at = now() where id = $1', [owner.id]);
    expect(ancestorsOf(await get(path))).toBe("'none'");
    await running.app.db.query('update app_user set suspended_at = null where id = $1', [owner.id]);

    expect((await remove(owner, id)).status).toBe(204);
    expect(ancestorsOf(await get(path))).toBe("'none'");
  });

  it('speaks the language that the site asks for, else that of the visitor, and none of a cookie', async () => {
    const path = `/embed/shows/${showId}`;
    const said = async (wish: string, headers: Record<string, string> = {}) => {
      const html = await (await get(path + wish, headers)).text();
      const words = ['Choose from a list', 'Aus einer Liste wählen', 'Elegir de una lista', 'सूची से चुनें'];
      return [/<html lang="(\w+)"/.exec(html)?.[1], ...words.filter((each) => html.includes(each))];
    };
    expect(await said('?lang=de', { 'accept-language': 'es' })).toEqual(['de', 'Aus einer Liste wählen']);
    expect(await said('?lang=hi')).toEqual(['hi', 'सूची से चुनें']);
    expect(await said('?lang=fr', { 'accept-language': 'es' })).toEqual(['es', 'Elegir de una lista']);
    expect(await said('', { cookie: 'fullhouse_language=de' })).toEqual(['en', 'Choose from a list']);
  });

  it('shows nothing else of ours: no other page can be framed, by no site', async () => {
    const id = idOf(await add(owner, SITE));
    for (const path of ['/', `/shows/${showId}`, '/sign-in', '/embed/continue', '/embed/shows/nothing', '/embed.js']) {
      const answer = await get(path);
      expect([path, ancestorsOf(answer), answer.headers.get('x-frame-options')]).toEqual([path, "'none'", 'DENY']);
    }
    await remove(owner, id);
  });

  it('is a site by its name alone, over https; nothing can be smuggled into the header with it', async () => {
    for (const origin of [
      ...['http://stage.example', 'ftp://stage.example', 'https://stage.example/box-office', 'https://a@stage.example'],
      ...['https://*', 'https://stage.example;script-src', 'https://a.example https://b.example', 'stage', '']
    ]) {
      const refused = await add(owner, origin);
      expect([origin, refused.status, refused.body?.['code']]).toEqual([origin, 422, 'INVALID']);
      expect(refused.body?.['errors']).toContainEqual(expect.objectContaining({ path: 'origin' }));
    }
    await expect(
      running.app.db.query(`insert into embed_site (id, owner_id, origin) values ('abcdefabcdef', $1, 'https://a;b')`, [
        owner.id
      ])
    ).rejects.toThrow('embed_site_origin');
    const local = idOf(await add(owner, 'http://127.0.0.1:4000'));
    expect((await add(owner, 'http://127.0.0.1:4000')).body).toMatchObject({ errors: [{ path: 'origin' }] });
    await remove(owner, local);
  });

  it('is listed by whoever sells; the lists of others do not exist, and each change has its line', async () => {
    const id = idOf(await add(owner, SITE));
    const list = async (by: Person) => (await call(running.url, 'GET /embed-sites', { token: by.token })).text;
    expect(await list(owner)).toContain(SITE);
    expect(await list(other)).not.toContain(SITE);
    expect(await list(admin)).toContain(SITE);
    expect((await remove(other, id)).status).toBe(404);
    expect((await add(await person(running), SITE)).status).toBe(403);
    expect((await remove(owner, id)).status).toBe(204);
    const { rows } = await running.app.db.query<{ action: string; organizer_id: string }>(
      `select action, organizer_id from audit_log where kind = 'site' and thing_id = $1 order by id`,
      [id]
    );
    expect(rows).toEqual([
      { action: 'create', organizer_id: owner.id },
      { action: 'delete', organizer_id: owner.id }
    ]);
  });

  it('loads one script, which says for how long it is good and is not sent twice', async () => {
    const script = await get('/embed.js');
    const text = await script.text();
    expect(script.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(script.headers.get('cache-control')).toContain('max-age=3600');
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(text).toContain('customElements.define("fullhouse-map"');
    expect(text).not.toMatch(/^(?:import|export)\b/m);
    // It runs as a plain script: none of its names becomes the page's.
    expect(() => new Function(text)).not.toThrow();
    const again = await get('/embed.js', { 'if-none-match': script.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('seats that were chosen in a frame', () => {
  const issue = () => running.app.accounts.issueBuyer();
  const cookie = ({ token }: { token: string }) => ({ cookie: `fullhouse_buyer=${token}` });
  const send = (show: string, token: string, origin = running.url) =>
    fetch(`${running.url}/embed/continue`, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ show, token }) },
      headers: { origin, accept: 'text/html' }
    });
  /** A guest of a frame who holds these seats. */
  async function chosen(seats: readonly number[], show = showId) {
    const guest = issue();
    const socket = await visitors.connect(0, { buyerToken: guest.token }, { origin: running.url });
    const held = await hold(socket, { id: show } as MadeShow, seats);
    expect(held).toMatchObject({ ok: true });
    return { ...guest, hold: (held['hold'] as { id: string }).id };
  }
  const ownerOf = async (buyer: string) => {
    const own = await running.app.seats.ownHold(showId, buyer);
    return own && 'id' in own ? own.id : null;
  };

  it('go on to the checkout with whoever the visitor is on our own pages, and their time runs on', async () => {
    const guest = await chosen([0, 1]);
    const before = await running.app.seats.ownHold(showId, guest.buyer);
    const sent = await send(showId, guest.token);
    const way = sent.headers.get('location') ?? '';
    expect([sent.status, way]).toEqual([303, expect.stringMatching(/^\/embed\/continue\?code=[\w-]{32}$/)]);
    expect(way).not.toContain(guest.token);

    const visitor = issue();
    const went = await get(way, cookie(visitor));
    expect([went.status, went.headers.get('location')]).toEqual([303, `/checkout/${guest.hold}`]);
    expect(went.headers.get('cache-control')).toBe('no-store');
    // The seats change hands; the visitor stays who they are, whoever made the code.
    expect(went.headers.getSetCookie()).toEqual([]);
    expect([await ownerOf(guest.buyer), await ownerOf(visitor.buyer)]).toEqual([null, guest.hold]);
    expect(await running.app.seats.ownHold(showId, visitor.buyer)).toMatchObject({
      deadline: (before as { deadline: number }).deadline
    });
  });

  it('go on once: a code that was used, is too old, or is none of ours brings nothing', async () => {
    const guest = await chosen([4]);
    const way = async () => (await send(showId, guest.token)).headers.get('location') ?? '';
    const brings = async (path: string) => {
      const answer = await get(path, cookie(issue()));
      return [answer.status, answer.headers.get('location'), await ownerOf(guest.buyer)];
    };
    const nothing = [410, null, guest.hold];
    expect(await brings('/embed/continue')).toEqual(nothing);
    expect(await brings(`/embed/continue?code=${'a'.repeat(32)}`)).toEqual(nothing);

    const late = await way();
    const redis = new Redis(running.app.config.redisUrl);
    const [key = ''] = await redis.keys(`${running.app.config.redisPrefix}hand-over:*`);
    expect(await redis.pttl(key)).toBeGreaterThan(0);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
    // Whoever reads Redis finds no code to use.
    expect(key).not.toContain(late.split('=')[1]);
    // As if the minute were over.
    await redis.pexpire(key, 0);
    redis.disconnect();
    expect(await brings(late)).toEqual(nothing);

    const once = await way();
    expect(await brings(once)).toEqual([303, `/checkout/${guest.hold}`, null]);
    const again = await get(once, cookie(issue()));
    expect([again.status, again.headers.get('location')]).toEqual([410, null]);
    expect(await again.text()).toContain('works once');
  });

  it('stay where they are when another site sends the form, or a token that we did not sign', async () => {
    const guest = await chosen([6]);
    expect((await send(showId, guest.token, SITE)).status).toBe(403);
    const forged = await send(showId, `${guest.token}x`);
    expect(forged.status).toBe(422);
    expect(await forged.text()).toContain('choose once more');
    expect(await ownerOf(guest.buyer)).toBe(guest.hold);
  });

  it('are those of one show: a code is made for no other, nor for nothing', async () => {
    const guest = await chosen([8]);
    const refused = await send(otherShow, guest.token);
    expect([refused.status, refused.headers.get('location')]).toEqual([410, null]);
    expect((await send(showId, issue().token)).status).toBe(410);
    expect(await ownerOf(guest.buyer)).toBe(guest.hold);
  });

  it('never push out others that the visitor holds on our own pages', async () => {
    const [guest, visitor] = [await chosen([10]), await chosen([12])];
    const way = (await send(showId, guest.token)).headers.get('location') ?? '';
    const refused = await get(way, cookie(visitor));
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('You hold other seats of this show here already');
    expect([await ownerOf(guest.buyer), await ownerOf(visitor.buyer)]).toEqual([guest.hold, visitor.hold]);
  });

  it('belong to the frame’s own guest, whatever cookies the browser sends along with its socket', async () => {
    const [guest, signedIn] = [issue(), await person(running)];
    const headers = { origin: running.url, cookie: `fullhouse_session=${signedIn.token}` };
    const socket = await visitors.connect(0, { buyerToken: guest.token }, headers);
    const held = await hold(socket, { id: showId } as MadeShow, [14]);
    expect(await ownerOf(guest.buyer)).toBe((held['hold'] as { id: string }).id);
    expect(await ownerOf(`u_${signedIn.id}`)).toBeNull();
    // The frame's origin is ours; the site around it opens no socket of its own.
    await add(owner, SITE);
    await expect(visitors.connect(0, { buyerToken: guest.token }, { origin: SITE })).rejects.toThrow();
  });
});
