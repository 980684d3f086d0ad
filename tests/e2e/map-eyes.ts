import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { nameSeats, type Plan } from '../../src/lib/domain/plan.ts';

/** Where the map's camera is, found out as a visitor would: the map says which seat the pointer is on, and where it stands. */
export interface Sight {
  /** Pixels for each unit. */
  scale: number;
  /** The place in the house at this point of the canvas. */
  at: (px: number, py: number) => { x: number; y: number };
  on: (x: number, y: number) => { px: number; py: number };
  /** Seats that were pointed at, and what was said of them. */
  seats: { index: number; words: string; px: number; py: number }[];
}

export async function planOf(request: APIRequestContext, path: string): Promise<Plan> {
  const answer = await request.get(`${process.env['BASE_URL'] ?? ''}/api/v1${path}/plan`);
  return (await answer.json()) as Plan;
}

/** Points at places all over the map, and reads what it says. Seats must be large enough to be pointed at. */
export async function sightOf(page: Page, plan: Plan): Promise<Sight> {
  const said = await page.evaluate(async () => {
    const canvas = document.querySelector('.map canvas');
    if (!canvas) throw new Error('there is no map');
    const box = canvas.getBoundingClientRect();
    const found = new Map<string, { left: number; top: number }>();
    const turn = new MessageChannel();
    const settled = () =>
      new Promise((done) => {
        turn.port1.onmessage = done;
        turn.port2.postMessage(null);
      });
    for (let row = 1; row < 20; row++) {
      for (let column = 1; column < 28; column++) {
        const [x, y] = [(box.width * column) / 28, (box.height * row) / 20];
        const point = { clientX: box.left + x, clientY: box.top + y, pointerType: 'mouse', bubbles: true };
        canvas.dispatchEvent(new PointerEvent('pointermove', point));
        await settled();
        const tip = document.querySelector<HTMLElement>('.map .tip');
        if (tip) found.set(tip.innerText, { left: parseFloat(tip.style.left), top: parseFloat(tip.style.top) });
      }
    }
    canvas.dispatchEvent(new PointerEvent('pointerleave', { pointerType: 'mouse' }));
    return [...found].map(([words, place]) => ({ words, ...place }));
  });
  const names = new Map(nameSeats(plan).map(({ label }, index) => [label, index]));
  const places = new Map(plan.seats.map(({ index, x, y }) => [index, { x, y }]));
  const seats = said.flatMap(({ words, left, top }) => {
    const index = names.get(/^.*?, row .*?, seat [^,]+/.exec(words)?.[0] ?? '');
    const place = index === undefined ? undefined : places.get(index);
    return index !== undefined && place ? [{ index, words, left, top, ...place }] : [];
  });
  const [first, last] = [seats.toSorted((a, b) => a.x - b.x)[0], seats.toSorted((a, b) => b.x - a.x)[0]];
  if (!first || !last || first.x === last.x) throw new Error('too few seats were pointed at to tell where the map is');
  const scale = (last.left - first.left) / (last.x - first.x);
  const [x0, y0] = [first.x - first.left / scale, first.y - (first.top + scale / 2) / scale];
  return {
    scale,
    at: (px, py) => ({ x: x0 + px / scale, y: y0 + py / scale }),
    on: (x, y) => ({ px: (x - x0) * scale, py: (y - y0) * scale }),
    seats: seats.map(({ index, words, left, top }) => ({ index, words, px: left, py: top + scale / 2 }))
  };
}

/** The sight once the map has come to rest. */
export async function restingSight(page: Page, plan: Plan): Promise<Sight> {
  let now = await sightOf(page, plan);
  await expect(async () => {
    const before = now;
    now = await sightOf(page, plan);
    expect(now.scale).toBeCloseTo(before.scale, 3);
    expect(now.at(0, 0).x).toBeCloseTo(before.at(0, 0).x, 3);
    expect(now.at(0, 0).y).toBeCloseTo(before.at(0, 0).y, 3);
  }).toPass();
  return now;
}

export async function canvasBox(page: Page) {
  const box = await page.locator('.map canvas').boundingBox();
  if (!box) throw new Error('there is no map');
  return box;
}

export async function openMap(page: Page, path: string) {
  await page.goto(path);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  await page.waitForFunction(() => performance.getEntriesByName('seats-drawn').length > 0);
}
