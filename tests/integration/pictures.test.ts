import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Banner } from '../../server/pictures/banner.ts';
import type { Running } from '../../server/serve.ts';
import { startApi } from './api-server.ts';
import { makeDesk, person, type Person } from './organizers.ts';
import * as files from './picture-files.ts';
import { makeConfig } from './stack.ts';

let home: string;
let running: Running;
let owner: Person;
let eventId: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fullhouse-pictures-'));
  running = await startApi(await makeConfig({ DATA_DIR: home }));
  owner = await person(running, 'organizer');
  ({ eventId } = await makeDesk(running, owner));
});
afterAll(async () => {
  await running.close();
  await rm(home, { recursive: true, force: true });
});
afterEach(async () => {
  await send('DELETE', `/events/${eventId}/banner`);
  await running.app.db.query('delete from picture');
  await rm(join(home, 'pictures'), { recursive: true, force: true });
});

async function send(method: string, path: string, body?: BodyInit, by: Person | null = owner) {
  const headers: Record<string, string> = {
    ...(by ? { authorization: `Bearer ${by.token}` } : {}),
    // Often a lie: what is sent says itself what it is.
    ...(body instanceof Uint8Array ? { 'content-type': 'image/jpeg' } : {})
  };
  const response = await fetch(`${running.url}/api/v1${path}`, { method, headers, ...(body ? { body } : {}) });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : null) as Record<string, unknown> | null };
}
const put = (bytes: Uint8Array, by: Person | null = owner) =>
  send('PUT', `/events/${eventId}/banner`, new Uint8Array(bytes), by);
const bannerIn = (answer: { body: Record<string, unknown> | null }) => answer.body?.['banner'] as Banner;

/** All that is kept: files and rows. */
async function kept() {
  const folder = await readdir(join(home, 'pictures')).catch(() => []);
  const rows = await running.app.db.query<{ id: string }>('select id from picture order by id');
  return { files: folder.sort(), rows: rows.rows.map(({ id }) => id) };
}
const NOTHING = { files: [], rows: [] };

/** The files that a `srcset` names, with the widths that it says they have. */
const sources = (srcset: string) =>
  srcset.split(', ').map((source) => {
    const [path = '', width = ''] = source.split(' ');
    return { path, width: Number(width.replace('w', '')) };
  });
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${running.url}${path}`, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('a banner', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('sent as %s is there in three sizes and two formats', async (format) => {
    const answer = await put(await files[format]());
    expect(answer.status).toBe(200);
    const banner = bannerIn(answer);
    expect(banner).toMatchObject({ width: 1600, height: 800, alt: '' });
    for (const [type, srcset] of Object.entries(banner.srcset ?? {})) {
      expect(sources(srcset).map(({ width }) => width)).toEqual([480, 960, 1600]);
      for (const { path, width } of sources(srcset)) {
        const { response, bytes } = await get(path);
        expect(response.headers.get('content-type')).toBe(`image/${type}`);
        expect(await sharp(bytes).metadata()).toMatchObject({ format: type, width, height: width / 2 });
      }
    }
    expect((await kept()).files).toHaveLength(6);
    expect((await get(banner.src)).response.status).toBe(200);
  });

  it('is what visitors see of the event and its shows', async () => {
    const answer = await send(
      'PUT',
      `/events/${eventId}/banner?alt=A%20bird%20sings`,
      new Uint8Array(await files.png())
    );
    const banner = bannerIn(answer);
    expect(banner.alt).toBe('A bird sings');
    const event = await send('GET', `/events/${eventId}`, undefined, null);
    expect(event.body).toMatchObject({ banner });
    const [show] = event.body?.['shows'] as { id: string }[];
    expect((await send('GET', `/shows/${show?.id}`, undefined, null)).body).toMatchObject({ event: { banner } });
    const page = await (await fetch(`${running.url}/events/${eventId}`)).text();
    expect(page).toContain(`srcset="${banner.srcset?.webp}"`);
    expect(page).toContain('alt="A bird sings"');
  });

  it('says nothing of where and with what it was taken, and stands upright', async () => {
    const original = await files.snapshot();
    expect((await sharp(original).metadata()).exif?.toString('latin1')).toContain('SecretCam');
    const banner = bannerIn(await put(original));
    expect(banner).toMatchObject({ width: 600, height: 1000 });
    for (const { path } of Object.values(banner.srcset ?? {}).flatMap(sources)) {
      const { bytes } = await get(path);
      const found = await sharp(bytes).metadata();
      expect([found.exif, found.xmp, found.iptc, found.orientation]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined
      ]);
      expect(bytes.toString('latin1')).not.toContain('Secret');
      // The red left half is at the top once the picture has been turned right.
      const corner = await sharp(bytes).extract({ left: 4, top: 4, width: 1, height: 1 }).raw().toBuffer();
      expect(corner[0]).toBeGreaterThan(150);
    }
  });

  it('is never enlarged', async () => {
    const banner = bannerIn(await put(await files.png({ width: 700, height: 350 })));
    expect(sources(banner.srcset?.webp ?? '').map(({ width }) => width)).toEqual([480, 700]);
    const small = bannerIn(await put(await files.png({ width: 60, height: 30 })));
    expect(sources(small.srcset?.jpeg ?? '').map(({ width }) => width)).toEqual([60]);
  });

  it('that is a script as well has only its pixels left', async () => {
    const original = await files.polyglot();
    expect(original.toString('latin1')).toContain(files.PAYLOAD);
    const banner = bannerIn(await put(original));
    for (const { path } of Object.values(banner.srcset ?? {}).flatMap(sources)) {
      expect((await get(path)).bytes.toString('latin1')).not.toMatch(/script|alert/);
    }
  });

  it('takes the place of the one before, whose files are gone', async () => {
    const first = bannerIn(await put(await files.png()));
    const second = bannerIn(await put(await files.webp()));
    expect((await get(first.src)).response.status).toBe(404);
    expect((await get(second.src)).response.status).toBe(200);
    expect(await kept()).toMatchObject({ rows: [/[0-9a-z]{24}/.exec(second.src)?.[0]] });
    expect((await kept()).files).toHaveLength(6);
    expect((await send('DELETE', `/events/${eventId}/banner`)).status).toBe(204);
    expect(await kept()).toEqual(NOTHING);
    expect((await send('GET', `/events/${eventId}`)).body).toMatchObject({ banner: null });
  });

  it('keeps one of two that are sent at once', async () => {
    const answers = await Promise.all([put(await files.png()), put(await files.webp()), put(await files.jpeg())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const left = await kept();
    expect(left.rows).toHaveLength(1);
    expect(left.files).toHaveLength(6);
  });
});

describe('nothing is kept of', () => {
  const REFUSED: Record<string, () => Promise<Buffer> | Buffer> = {
    'an SVG': () => files.SVG,
    'a GIF': () => files.moving('gif'),
    'a WebP that moves': () => files.moving('webp'),
    'a page named .jpg': () => Buffer.from('<!doctype html><script>alert(1)</script>'),
    'text behind the head of a JPEG': () => Buffer.from('\xff\xd8\xff\xe0/*<script>alert(1)</script>*/', 'latin1'),
    'a head that says 50,000 × 50,000': () => files.hugePng(50_000, 50_000),
    'a picture of 41 million pixels in a few kB': () => files.hugePng(10_000, 4100, { pixels: true }),
    'a PNG without its pixels': () => files.hugePng(2000, 1000),
    'half a JPEG': async () => {
      const whole = await files.jpeg();
      return whole.subarray(0, whole.length / 2);
    },
    'half a PNG': async () => {
      const whole = await files.png();
      return whole.subarray(0, whole.length / 2);
    },
    'half a WebP': async () => {
      const whole = await files.webp();
      return whole.subarray(0, whole.length / 2);
    }
  };

  it.each(Object.keys(REFUSED))('%s', async (what) => {
    const bytes = await REFUSED[what]?.();
    const answer = await put(bytes ?? Buffer.alloc(0));
    expect(answer.body).toMatchObject({ code: 'INVALID', errors: [{ path: 'file' }] });
    expect(await kept()).toEqual(NOTHING);
    expect((await send('GET', `/events/${eventId}`)).body).toMatchObject({ banner: null });
  });

  it('20 MB, whoever sends it and however it ends', async () => {
    const answer = await put(Buffer.concat([await files.jpeg(), Buffer.alloc(20 * 1024 * 1024)]));
    expect(answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
    const customer = await person(running);
    expect((await put(Buffer.alloc(2 * 1024 * 1024), customer)).status).toBe(413);
    expect(await kept()).toEqual(NOTHING);
  });

  it('what is sent to the event of somebody else, by anybody', async () => {
    const [other, customer] = [await person(running, 'organizer'), await person(running)];
    expect((await put(await files.png(), other)).status).toBe(404);
    expect((await put(await files.png(), customer)).status).toBe(403);
    expect((await put(await files.png(), null)).status).toBe(401);
    expect(await kept()).toEqual(NOTHING);
  });

  it('a text of a GB in a comment of a few kB; and it costs next to no memory', async () => {
    const bomb = files.hugePng(400, 200, { pixels: true, bomb: 400 * 1024 * 1024 });
    // Making it holds this process up for longer than the server keeps an idle connection: let it go before the next request.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = process.memoryUsage().rss;
    const answer = await put(bomb);
    // Whether it is refused or only its pixels are taken: the text is never unpacked.
    expect([200, 422]).toContain(answer.status);
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
    for (const { path } of answer.status === 200 ? sources(bannerIn(answer).srcset?.webp ?? '') : []) {
      expect((await get(path)).bytes.length).toBeLessThan(10_000);
    }
  });
});

describe('the file of a picture', () => {
  it('can be kept for ever, is what it says, and runs nothing', async () => {
    const banner = bannerIn(await put(await files.png()));
    const { response, bytes } = await get(banner.src);
    const header = (name: string) => response.headers.get(name);
    expect(header('content-type')).toBe(`image/${(await sharp(bytes).metadata()).format}`);
    expect(header('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(header('content-security-policy')).toBe("default-src 'none'");
    expect(header('x-content-type-options')).toBe('nosniff');
    const again = await get(banner.src, { 'if-none-match': String(header('etag')) });
    expect(again.response.status).toBe(304);
    expect(again.bytes).toHaveLength(0);
  });

  it('has no other name', async () => {
    const name = `${'a'.repeat(24)}-480.webp`;
    for (const path of [name, '..%2f..%2fetc%2fpasswd', 'x', `${name}.part`, name.replace('480', '481')]) {
      expect((await get(`/pictures/${path}`)).response.status, path).toBe(404);
    }
  });
});

describe('a background for the plan editor', () => {
  it('is kept in one size, from a raw body or a form', async () => {
    const raw = await send('POST', '/pictures?use=background', new Uint8Array(await files.png()));
    expect(raw).toMatchObject({ status: 201, body: { picture: { width: 1600, height: 800 } } });
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(await files.jpeg({ width: 600, height: 900 }))]), 'plan.exe');
    const sent = await send('POST', '/pictures?use=background', form);
    const picture = sent.body?.['picture'] as { id: string };
    expect(sent).toMatchObject({ status: 201, body: { picture: { width: 600, height: 900 } } });
    const { bytes, response } = await get(`/pictures/${picture.id}-1600.webp`);
    expect(response.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 600, height: 900 });
    expect((await kept()).files).toHaveLength(2);
  });

  it('is for organizers', async () => {
    const png = new Uint8Array(await files.png());
    expect((await send('POST', '/pictures?use=background', png, await person(running))).status).toBe(403);
    expect((await send('POST', '/pictures?use=banner', png)).status).toBe(422);
    expect((await send('POST', '/pictures?use=background')).body).toMatchObject({
      errors: [{ path: 'file', message: 'needs a content-type, such as image/jpeg' }]
    });
    expect(await kept()).toEqual(NOTHING);
  });
});

describe('what a crash has left behind', () => {
  it('is swept an hour later; what is shown, and what is new, stays', async () => {
    const { app } = running;
    const shown = bannerIn(await put(await files.png()));
    const by = { user: owner.id, owner: owner.id };
    const orphan = await app.pictures.store(by, await files.png(), 'banner');
    const background = await app.pictures.store(by, await files.png(), 'background');
    expect(await app.pictures.sweep()).toBe(0);
    await app.db.query(`update picture set created_at = now() - interval '2 hours'`);
    // A node that died between its row and its files.
    await app.db.query('update picture set stored_at = null where id = $1', [Reflect.get(background, 'id')]);
    expect(await app.pictures.sweep()).toBe(2);
    expect((await get(shown.src)).response.status).toBe(200);
    const left = await kept();
    expect(left.rows).toEqual([/[0-9a-z]{24}/.exec(shown.src)?.[0]]);
    expect(left.files).toHaveLength(6);
    expect(left.files.join()).not.toContain(String(Reflect.get(orphan, 'id')));
  });

  it('is a background that no draft has been drawn over for a day', async () => {
    const { pictures, db, desk } = running.app;
    const by = { user: owner.id, owner: owner.id };
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const made = await pictures.store(by, await files.png({ width: 600, height: 300 }), 'background');
      ids.push(String(Reflect.get(made, 'id')));
    }
    const [drawn, published, unused] = ids;
    const { rows } = await db.query<{ id: string }>('select id from venue where organizer_id = $1 limit 1', [owner.id]);
    const venueId = rows[0]?.id ?? '';
    const planOver = async (picture: string | undefined) => {
      const plan = await desk.plans.create(by, { venueId, name: 'Over a picture' });
      const id = String(Reflect.get(plan, 'id'));
      const stored = await desk.plans.draft(by, id);
      const draft = JSON.parse(String(Reflect.get(stored, 'json'))) as object;
      const background = { picture, x: 0, y: 0, width: 20, height: 10, opacity: 0.5 };
      const area = {
        id: 'floor',
        name: 'Floor',
        count: 5,
        tier: 'standard',
        outline: [
          [-2, 0],
          [2, 0],
          [2, 2],
          [-2, 2]
        ]
      };
      const body = JSON.stringify({ version: 1, draft: { ...draft, areas: [area], background } });
      expect(await desk.plans.saveDraft(by, id, new TextEncoder().encode(body))).toMatchObject({ version: 2 });
      return id;
    };
    const draftId = await planOver(drawn);
    const publishedId = await planOver(published);
    expect(await desk.plans.publish(by, publishedId, { version: 2 })).toMatchObject({ published: true });
    const later = (hours: number) =>
      db.query(
        `update picture set created_at = created_at - make_interval(hours => $1),
                unused_since = unused_since - make_interval(hours => $1)`,
        [hours]
      );
    await later(48);
    // Only now it is seen that nobody uses it: somebody may have taken it away a moment ago.
    expect(await pictures.sweep()).toBe(0);
    await later(23);
    expect(await pictures.sweep()).toBe(0);
    await later(2);
    expect(await pictures.sweep()).toBe(1);
    expect((await kept()).rows).toEqual([drawn, published].sort());
    expect((await get(`/pictures/${unused}-1600.webp`)).response.status).toBe(404);

    // The draft is gone, and back in time with Undo: another plan is drawn over the same picture.
    expect(await desk.plans.remove(by, draftId)).toBeNull();
    expect(await pictures.sweep()).toBe(0);
    await later(23);
    await planOver(drawn);
    expect(await pictures.sweep()).toBe(0);
    await later(48);
    expect(await pictures.sweep()).toBe(0);
    expect((await kept()).rows).toEqual([drawn, published].sort());
  });

  it('goes with the event that is deleted', async () => {
    const body = JSON.stringify({ kind: 'movie', title: 'Short' });
    const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' };
    const made = await fetch(`${running.url}/api/v1/events`, { method: 'POST', headers, body });
    const { id } = (await made.json()) as { id: string };
    const png = new Uint8Array(await files.png());
    expect((await send('PUT', `/events/${id}/banner`, png)).status).toBe(200);
    expect((await send('DELETE', `/events/${id}`)).status).toBe(204);
    await running.app.db.query(`update picture set created_at = now() - interval '2 hours'`);
    expect(await running.app.pictures.sweep()).toBe(1);
    expect(await kept()).toEqual(NOTHING);
  });
});

describe('the desk without JavaScript', () => {
  const post = async (action: string, body: FormData) => {
    const headers = { cookie: `fullhouse_session=${owner.token}`, origin: running.url, accept: 'text/html' };
    const url = `${running.url}/admin/events/${eventId}?/${action}`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  const fields = (file: Uint8Array, alt: string) => {
    const data = new FormData();
    data.set('file', new Blob([new Uint8Array(file)]), file.length > 0 ? 'x.jpg' : '');
    data.set('alt', alt);
    return data;
  };

  it('takes a banner, changes what it says, and removes it', async () => {
    expect((await post('banner', fields(await files.jpeg(), 'Night'))).text).toContain('The banner is saved.');
    const before = bannerIn(await send('GET', `/events/${eventId}`));
    expect(before.alt).toBe('Night');
    expect((await post('banner', fields(new Uint8Array(), 'Day'))).status).toBe(200);
    expect(bannerIn(await send('GET', `/events/${eventId}`))).toEqual({ ...before, alt: 'Day' });
    expect((await post('removeBanner', fields(new Uint8Array(), ''))).text).toContain('The banner is removed.');
    expect(await kept()).toEqual(NOTHING);
  });

  it('says at the field what is wrong with a file', async () => {
    const answer = await post('banner', fields(files.SVG, 'Drawing'));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Picture is not a JPEG, PNG or WebP file');
    expect((await post('banner', fields(new Uint8Array(), ''))).text).toContain('Picture is missing');
    expect(await kept()).toEqual(NOTHING);
  });
});
