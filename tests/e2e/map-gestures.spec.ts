import type { CDPSession, Page } from '@playwright/test';
import { Camera } from '../../src/lib/seatmap/camera.ts';
import { canvasBox, openMap, planOf, restingSight, sightOf } from './map-eyes.ts';
import { expect, showOf, test } from './visitor.ts';

/** The point of the house under this one stays under it. */
function expectSame(before: { x: number; y: number }, after: { x: number; y: number }, within = 0.06) {
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(within);
}

async function openTheatre(page: Page) {
  const path = await showOf(page, 'night-train-to-leh');
  await openMap(page, path);
  const plan = await planOf(page.request, path);
  return { plan, box: await canvasBox(page), before: await restingSight(page, plan) };
}

test('the wheel zooms at the pointer, and the button shows the whole house again', async ({ page }) => {
  const { plan, box, before } = await openTheatre(page);
  const [px, py] = [box.width * 0.3, box.height * 0.6];
  await page.mouse.move(box.x + px, box.y + py);
  await page.mouse.wheel(0, -200);
  await expect(async () => expect((await sightOf(page, plan)).scale).toBeGreaterThan(before.scale * 1.2)).toPass();
  const after = await restingSight(page, plan);
  expectSame(before.at(px, py), after.at(px, py));
  await page.getByRole('button', { name: 'Show the whole house' }).click();
  const whole = await restingSight(page, plan);
  expect(whole.scale).toBeCloseTo(before.scale, 1);
  expectSame(before.at(0, 0), whole.at(0, 0));
});

/** As a hand that throws: quickly, and let go in the middle of it. */
async function throwMap(page: Page, x: number, y: number) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let n = 1; n <= 10; n++) await page.mouse.move(x + 12 * n, y);
  await page.mouse.up();
}

test('a drag moves the map with the hand, and goes on a little when it is let go', async ({ page }) => {
  const { plan, box } = await openTheatre(page);
  await expect(async () => {
    const before = await restingSight(page, plan);
    await throwMap(page, box.x + box.width * 0.4, box.y + box.height * 0.6);
    const after = await restingSight(page, plan);
    expect((before.at(0, 0).x - after.at(0, 0).x) * after.scale).toBeGreaterThan(130);
    expect(after.at(0, 0).y).toBeCloseTo(before.at(0, 0).y, 1);
  }, 'a machine that is busy may hold the hand for a moment before it lets go').toPass();
});

test('where less motion is wished for, the map stays where it is let go, and comes at once', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { plan, box, before } = await openTheatre(page);
  for (let n = 1; n <= 2; n++) {
    await throwMap(page, box.x + box.width * 0.4, box.y + box.height * 0.6);
    const after = await sightOf(page, plan);
    expect((before.at(0, 0).x - after.at(0, 0).x) * after.scale).toBeCloseTo(120 * n, 0);
    expect(after.at(0, 0).x).toBeCloseTo((await restingSight(page, plan)).at(0, 0).x, 3);
  }
  const [fit, scales] = [page.getByRole('button', { name: 'Show the whole house' }), new Set<string>()];
  await fit.click();
  scales.add((await sightOf(page, plan)).scale.toFixed(2)).add((await restingSight(page, plan)).scale.toFixed(2));
  expect([...scales]).toEqual([before.scale.toFixed(2)]);
});

test.describe('with fingers', () => {
  test.use({ hasTouch: true });

  const touch = (cdp: CDPSession, type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });

  test('two fingers zoom about the middle between them, which stays between them', async ({ page }) => {
    const { plan, box, before } = await openTheatre(page);
    const cdp = await page.context().newCDPSession(page);
    const [x, y] = [box.x + box.width * 0.35, box.y + box.height * 0.55];
    const fingers = (half: number, dx: number, dy: number): [number, number][] => [
      [x - half + dx, y + dy],
      [x + half + dx, y + dy]
    ];
    await touch(cdp, 'touchStart', fingers(60, 0, 0));
    for (let n = 1; n <= 10; n++) await touch(cdp, 'touchMove', fingers(60 + 3 * n, 8 * n, 4 * n));
    await touch(cdp, 'touchEnd', []);
    const after = await restingSight(page, plan);
    expect(after.scale / before.scale).toBeCloseTo(1.5, 1);
    expectSame(before.at(x - box.x, y - box.y), after.at(x - box.x + 80, y - box.y + 40), 0.15);
  });

  test('two quick taps bring the map closer', async ({ page }) => {
    const { plan, box, before } = await openTheatre(page);
    // Beside all seats: a tap on one means that seat.
    const [x, y] = [box.x + 30, box.y + box.height * 0.5];
    await expect(async () => {
      await page.getByRole('button', { name: 'Show the whole house' }).tap();
      await restingSight(page, plan);
      await page.touchscreen.tap(x, y);
      await page.touchscreen.tap(x, y);
      const after = await restingSight(page, plan);
      expect(after.scale / before.scale).toBeCloseTo(2, 1);
    }).toPass();
  });
});

test('a press on a section of a stadium brings it before the reader, and the small map leads to another', async ({
  page
}) => {
  const path = await showOf(page, 'city-v-united');
  await openMap(page, path);
  const plan = await planOf(page.request, path);
  const box = await canvasBox(page);
  const placeOf = (section: string) => {
    const rows = plan.rows.filter((row) => row.section === section);
    const seats = rows.flatMap(({ first, count }) => plan.seats.slice(first, first + count));
    const [xs, ys] = [seats.map(({ x }) => x), seats.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
  };
  const [one, other] = [placeOf(plan.sections[0]?.id ?? ''), placeOf(plan.sections[40]?.id ?? '')];
  // From far away no seat can be pointed at: where the house is then is what the camera says of a map so large.
  const camera = new Camera(plan.size, { top: 84, bottom: 64, side: 24, right: 0 });
  Object.assign(camera, { width: box.width, height: box.height });
  camera.moveTo(camera.fitted());
  const at = camera.toScreen(one.x, one.y);
  await page.mouse.click(box.x + at.x, box.y + at.y);
  await expect(page.locator('.minimap')).toBeVisible();
  const near = await restingSight(page, plan);
  expect(near.scale).toBeGreaterThan(camera.whole * 1.5);
  for (const [x, y] of [
    [one.left, one.top],
    [one.right, one.bottom]
  ] as const) {
    const { px, py } = near.on(x, y);
    expect(px > 0 && px < box.width && py > 0 && py < box.height, `${px} ${py}`).toBe(true);
  }

  const small = await page.locator('.minimap').boundingBox();
  if (!small) throw new Error('there is no small map');
  const share = small.width / plan.size.width;
  await page.mouse.click(small.x + other.x * share, small.y + other.y * share);
  const there = await restingSight(page, plan);
  const middle = there.at(box.width / 2, box.height / 2);
  // A pixel of the small map is some seats wide.
  expect(Math.hypot(middle.x - other.x, middle.y - other.y)).toBeLessThan(3 / share);
  expect(there.scale).toBeCloseTo(near.scale, 1);
});

for (const ratio of [2, 3]) {
  test.describe(`with ${ratio} device pixels for each CSS pixel`, () => {
    test.use({ deviceScaleFactor: ratio });

    test('the map has every one of them, and the edge of a seat is sharp', async ({ page }) => {
      const { plan, box, before } = await openTheatre(page);
      const backing = await page
        .locator('.map canvas')
        .evaluate((canvas: HTMLCanvasElement) => [
          canvas.width / canvas.clientWidth,
          canvas.height / canvas.clientHeight
        ]);
      for (const share of backing) expect(share).toBeCloseTo(ratio, 1);
      const seat = before.seats.find(({ words }) => words.endsWith(', available'));
      if (!seat) throw new Error('no seat is available');
      await page.mouse.move(box.x + seat.px, box.y + seat.py);
      for (let n = 0; n < 6; n++) await page.mouse.wheel(0, -240);
      const now = await restingSight(page, plan);
      const place = plan.seats.find(({ index }) => index === seat.index);
      const { px, py } = now.on(place?.x ?? 0, place?.y ?? 0);
      await page.mouse.move(5, 5);
      // Along a line through the letters’ lower end, from one neighbour's middle to the other's.
      const clip = { x: box.x + px - now.scale, y: box.y + py + now.scale * 0.2, width: 2 * now.scale, height: 1 };
      const png = await page.screenshot({ clip, scale: 'device' });
      const blurred = await page.evaluate(
        async (bytes) => {
          const picture = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/png' }));
          const pen = new OffscreenCanvas(picture.width, 1).getContext('2d');
          pen?.drawImage(picture, 0, 0);
          const { data } = pen?.getImageData(0, 0, picture.width, 1) ?? { data: [] };
          const light = Array.from(
            { length: picture.width },
            (_, n) => (data[4 * n] ?? 0) + (data[4 * n + 1] ?? 0) + (data[4 * n + 2] ?? 0)
          );
          const [low, high] = [Math.min(...light), Math.max(...light)];
          const between = light.map((one) => one > low + 0.1 * (high - low) && one < high - 0.1 * (high - low));
          let [longest, run] = [0, 0];
          for (const one of between) longest = Math.max(longest, (run = one ? run + 1 : 0));
          return { longest, contrast: high - low, width: picture.width };
        },
        [...png]
      );
      expect(blurred.width).toBeGreaterThan(now.scale * ratio);
      expect(blurred.contrast, 'the line goes over a seat and beside it').toBeGreaterThan(60);
      expect(blurred.longest, 'pixels that are neither seat nor ground').toBeLessThanOrEqual(2);
    });
  });
}
