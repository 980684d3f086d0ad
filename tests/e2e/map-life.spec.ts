import type { Page } from '@playwright/test';
import { io, type Socket } from 'socket.io-client';
import { canvasBox, openMap, planOf, restingSight } from './map-eyes.ts';
import { ownShow } from './own-show.ts';
import { CUSTOMER, expect, showOf, test } from './visitor.ts';

declare global {
  /** Words that were written on canvases. */
  var written: Set<string> | undefined;
  var shifts: number | undefined;
}

/** A guest of their own, by the API. */
async function newBuyer(page: Page, baseURL: string): Promise<string> {
  const answer = await page.request.post(`${baseURL}/api/v1/buyers`);
  return ((await answer.json()) as { token: string }).token;
}

/** Remembers what the pages to come write on canvases. */
const rememberWords = (page: Page) =>
  page.addInitScript(() => {
    const words = (globalThis.written = new Set());
    const { strokeText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.strokeText = function (...given) {
      words.add(given[0]);
      strokeText.apply(this, given);
    };
  });

test('where nine people look is not told; where ten do, it is, and how many watch', async ({ page, baseURL }) => {
  const home = baseURL ?? '';
  await rememberWords(page);
  const path = await showOf(page, 'neon-harvest');
  const showId = path.split('/').at(-1) ?? '';
  const [area] = (await planOf(page.request, path)).areas;
  if (!area) throw new Error('this house has a standing area, whose name is always seen');
  const sockets: Socket[] = [];
  const come = async () => {
    const socket = io(home, { transports: ['websocket'], auth: { buyerToken: await newBuyer(page, home) } });
    sockets.push(socket);
    const watched: unknown = await socket.timeout(20_000).emitWithAck('show:watch', { showId });
    expect(watched).toMatchObject({ ok: true });
    expect(await socket.timeout(20_000).emitWithAck('show:look', { showId, section: area.id })).toMatchObject({
      ok: true
    });
  };
  const told = () => page.evaluate(() => [...(globalThis.written ?? [])].filter((words) => words.includes('looking')));
  const heard: unknown[] = [];
  try {
    for (let n = 0; n < 9; n++) await come();
    sockets[0]?.on('looks', (event) => heard.push(event));
    await openMap(page, path);
    await expect(page.getByText(/^\s*1\d watching$/)).toBeVisible({ timeout: 20_000 });
    // More rounds of the server than one: whoever is to be told has been.
    await page.waitForTimeout(12_000);
    expect(await told()).toEqual([]);
    expect(heard).toEqual([]);

    await come();
    expect(await told(), 'nobody is told in the moment in which somebody looks').toEqual([]);
    await expect.poll(told, { timeout: 30_000 }).toEqual([expect.stringMatching(/ · 10\+ looking$/)]);
    expect(heard).toContainEqual({ showId, sections: { [area.id]: 10 } });
    // Its edge swells and fades: the canvas changes though no seat does.
    const pictures = new Set<string>();
    await expect(async () => {
      pictures.add(await page.locator('.map canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()));
      expect(pictures.size).toBeGreaterThan(2);
    }).toPass();

    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.reload();
    await expect.poll(told, { timeout: 30_000 }).toEqual([expect.stringMatching(/ · 10\+ looking$/)]);
    await page.waitForTimeout(500);
    const still = await page.locator('.map canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await page.waitForTimeout(1500);
    expect(await page.locator('.map canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).toBe(still);
  } finally {
    for (const socket of sockets) socket.close();
  }
});

test('who watches a show hears how fast it sells', async ({ page, request }) => {
  const { show } = await ownShow(request, `Sold lately ${Date.now()}`);
  await openMap(page, `/shows/${show}`);
  const watching = page.getByText(/^\s*1 watching/);
  await expect(watching).toHaveText(/^\s*1 watching\s*$/);

  const signed = await request.post('/api/v1/auth/login', { data: CUSTOMER });
  const { token } = (await signed.json()) as { token: string };
  const ask = async <Answer>(path: string, data: object) => {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() };
    const answer = await request.post(`/api/v1${path}`, { headers, data });
    expect(answer.status(), await answer.text()).toBeLessThan(300);
    return (await answer.json()) as Answer;
  };
  const { hold } = await ask<{ hold: { id: string } }>(`/shows/${show}/holds`, { seats: [3, 4, 5] });
  const made = await ask<{ payment: { id: string } }>('/bookings', { holdId: hold.id });
  await ask(`/payments/${made.payment.id}/sandbox`, { outcome: 'success' });
  await expect(watching).toHaveText(/^\s*1 watching · 3 sold in the last minute\s*$/, { timeout: 30_000 });
});

for (const [name, address] of [
  ['the page', (path: string) => path],
  ['a map on another site', (path: string) => `/embed${path}?lang=de`]
] as const) {
  test(`what is left in a section stands on the map in the language of ${name}`, async ({ page, context, baseURL }) => {
    await rememberWords(page);
    const path = await showOf(page, 'city-v-united');
    await context.addCookies([{ name: 'fullhouse_language', value: 'de', url: baseURL ?? '' }]);
    await page.goto(address(path));
    const written = () => page.evaluate(() => [...(globalThis.written ?? [])]);
    await expect.poll(written).toContainEqual(expect.stringMatching(/^noch [\d.]+ frei$/));
    expect((await written()).filter((words) => words.includes('left'))).toEqual([]);
  });
}

/** Colours at a place of the map, one after the other, while others take a seat. */
async function coloursWhile(page: Page, px: number, py: number, act: () => Promise<void>): Promise<string[]> {
  const watching = page.evaluate(
    ([x, y]) =>
      new Promise<string[]>((done) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.map canvas');
        const pen = canvas?.getContext('2d');
        const density = (canvas?.width ?? 0) / Math.max(1, canvas?.clientWidth ?? 1);
        const seen: string[] = [];
        const look = () => {
          const now = pen?.getImageData((x ?? 0) * density, (y ?? 0) * density, 1, 1).data.join(' ') ?? '';
          if (seen.at(-1) !== now) seen.push(now);
          if (performance.now() - last > (seen.length > 1 ? 600 : 5000)) return done(seen);
          if (seen.length !== length) [length, last] = [seen.length, performance.now()];
          requestAnimationFrame(look);
        };
        let [length, last] = [0, performance.now()];
        look();
      }),
    [px, py] as const
  );
  await act();
  return watching;
}

for (const motion of ['no-preference', 'reduce'] as const) {
  test(`a neighbour’s choice ${motion === 'reduce' ? 'is there at once' : 'fades in'}, and nothing jumps (${motion})`, async ({
    page,
    request,
    baseURL
  }) => {
    const home = baseURL ?? '';
    await page.emulateMedia({ reducedMotion: motion });
    const { show } = await ownShow(request, `Neighbours ${motion} ${Date.now()}`);
    await openMap(page, `/shows/${show}`);
    const plan = await planOf(request, `/shows/${show}`);
    const sight = await restingSight(page, plan);
    await page.evaluate(() => {
      globalThis.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          globalThis.shifts = (globalThis.shifts ?? 0) + ('value' in entry ? Number(entry.value) : 0);
        }
      }).observe({ type: 'layout-shift' });
    });
    const box = await canvasBox(page);
    const free = sight.seats.filter(
      ({ words, px, py }) => words.endsWith(', available') && px > 60 && py > 120 && px < box.width - 60
    );
    expect(free.length).toBeGreaterThan(6);
    const take = async (index: number) => {
      const token = await newBuyer(page, home);
      const answer = await request.post(`${home}/api/v1/shows/${show}/holds`, {
        headers: { 'x-buyer-token': token, 'idempotency-key': crypto.randomUUID() },
        data: { seats: [index] }
      });
      expect(answer.status(), await answer.text()).toBeLessThan(300);
    };
    let faded = 0;
    for (const { index, px, py } of free.slice(0, 5)) {
      // Beside the number in its middle.
      const seen = await coloursWhile(page, px, py + sight.scale * 0.26, () => take(index));
      expect(seen.length).toBeGreaterThan(1);
      if (seen.length > 2) faded++;
    }
    // Around the seat a ring leaves it and is gone: what was between the seats before is there again.
    const last = free[5];
    if (!last) throw new Error('there are too few free seats');
    const corner = 0.46 * sight.scale;
    const around = await coloursWhile(page, last.px - corner, last.py - corner, () => take(last.index));
    if (motion === 'reduce') expect(around.length).toBe(1);
    else {
      expect(around.length).toBeGreaterThan(2);
      expect(around.at(-1)).toBe(around[0]);
    }
    if (motion === 'reduce') expect(faded).toBe(0);
    else expect(faded).toBeGreaterThan(0);
    expect(await page.evaluate(() => globalThis.shifts)).toBe(0);
  });
}
