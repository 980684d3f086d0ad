import type { Plan } from '#domain/plan.ts';
import type { Page } from '@playwright/test';
import { ownShow } from './own-show.ts';
import { openShow } from './phone.ts';
import { expect, test } from './visitor.ts';

const box = async (page: Page, what: string) => {
  const found = await page.locator(what).boundingBox();
  if (!found) throw new Error(`${what} is not on the page`);
  return found;
};
const canvas = '.map canvas';
const toggle = (page: Page) => page.getByRole('button', { name: 'Seats and list' });

test('the map has the screen below a slim header, and the sheet opens by tap, drag and key', async ({
  page,
  request
}) => {
  const { show } = await ownShow(request, `Sheet ${Date.now()}`);
  await openShow(page, `/shows/${show}`);
  const map = await box(page, canvas);
  expect(map).toMatchObject({ x: 0, width: 390 });
  expect(map.height, 'all but the header').toBeGreaterThanOrEqual(844 - 56);
  const tools = await box(page, '.tools');
  const sheet = await box(page, '#your-seats');
  expect(tools.y + tools.height, 'buttons stand above the sheet').toBeLessThan(sheet.y);

  await expect(page.getByLabel('How many seats')).toBeHidden();
  await toggle(page).tap();
  await expect(page.getByLabel('How many seats')).toBeVisible();
  await expect(toggle(page)).toHaveAttribute('aria-expanded', 'true');
  await expect(async () => expect((await box(page, '#your-seats')).y).toBeGreaterThan(844 * 0.3)).toPass();
  await page.getByLabel('How many seats').focus();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('How many seats')).toBeHidden();
  await expect(toggle(page)).toBeFocused();

  // Most of the sheet is below the screen now: nothing that is brought into view there takes the map along.
  await page.locator('#your-seats').evaluate((sheet) => sheet.lastElementChild?.scrollIntoView({ block: 'end' }));
  expect(Math.abs((await box(page, canvas)).y - map.y)).toBeLessThan(2);

  const line = await box(page, '.peek');
  await page.mouse.move(200, line.y + 20);
  await page.mouse.down();
  for (let y = line.y; y > line.y - 240; y -= 40) await page.mouse.move(200, y);
  await page.mouse.up();
  // What is seen while it is dragged is not open yet.
  await expect(toggle(page)).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByLabel('How many seats')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('How many seats')).toBeHidden();
});

test('a small seat comes closer at the first tap, and is held at the second, without anything moving', async ({
  page,
  request,
  baseURL
}) => {
  const { show } = await ownShow(request, `Tap ${Date.now()}`);
  await openShow(page, `/shows/${show}`);
  const plan = (await (await request.get(`${baseURL}/api/v1/shows/${show}/plan`)).json()) as Plan;
  const seat = plan.seats[15];
  if (!seat) throw new Error('the plan has seats');
  const map = await box(page, canvas);
  const peek = await box(page, '.peek');
  // The whole house, between the title (84 px) and the row of buttons (64 px) above the sheet's line.
  const [top, bottom] = [84, map.y + map.height - peek.y + 64];
  const scale = Math.min((390 - 16) / plan.size.width, (map.height - top - bottom) / plan.size.height, 26);
  const middle = { x: map.x + 195, y: map.y + top + (map.height - top - bottom) / 2 };
  expect(scale, 'the seat is smaller than a finger').toBeLessThan(44);
  const tap = (x: number, y: number) => page.touchscreen.tap(x, y);

  await tap(middle.x + (seat.x - plan.size.width / 2) * scale, middle.y + (seat.y - plan.size.height / 2) * scale);
  await expect(page.locator('.tip')).toContainText(`seat ${seat.label},`);
  await expect(page.getByText('No seats yet')).toBeVisible();

  const before = [await box(page, canvas), await box(page, '.peek'), await box(page, '.tools')];
  await page.evaluate(() => {
    const shifts = new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) document.body.dataset['shifted'] = String(shift.startTime);
    });
    shifts.observe({ type: 'layout-shift' });
  });
  // The flight is over when the house has come to rest; a target of 44 px is hit 20 px off its middle too.
  await page.waitForTimeout(400);
  await tap(middle.x - 20, middle.y);
  await expect(page.getByText(/^1 seat · €/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Checkout', exact: true })).toBeVisible();
  expect([await box(page, canvas), await box(page, '.peek'), await box(page, '.tools')]).toEqual(before);
  expect(await page.locator('body').getAttribute('data-shifted')).toBeNull();

  await toggle(page).tap();
  const mine = page.getByRole('list', { name: 'Your seats' });
  await expect(mine).toContainText(`seat ${seat.label}`);
});

test('nothing scrolls a page that has the screen to itself, not by a pixel', async ({ page, request, browser }) => {
  const { show } = await ownShow(request, `Still ${Date.now()}`);
  const beyond = (on: Page) =>
    on.evaluate(() => {
      const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
      return { down: scrollHeight - clientHeight, aside: scrollWidth - clientWidth };
    });
  await openShow(page, `/shows/${show}`);
  expect(await beyond(page)).toEqual({ down: 0, aside: 0 });
  await toggle(page).tap();
  await expect(page.getByRole('button', { name: 'Find seats' })).toBeVisible();
  expect(await beyond(page), 'with its sheet open').toEqual({ down: 0, aside: 0 });
  const viewport = { width: 390, height: 664 };
  const sharper = await (await browser.newContext({ viewport, deviceScaleFactor: 3, isMobile: true })).newPage();
  await openShow(sharper, new URL(`/shows/${show}`, page.url()).href);
  expect(await beyond(sharper), 'at three pixels for one').toEqual({ down: 0, aside: 0 });
  await sharper.context().close();
});

test('a phone of 320 px, and one held across, show the whole page', async ({ page, request }) => {
  const { show } = await ownShow(request, `Narrow ${Date.now()}`);
  for (const [width, height] of [
    [320, 568],
    [844, 390]
  ] as const) {
    await page.setViewportSize({ width, height });
    await openShow(page, `/shows/${show}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `${width} px`).toBeLessThanOrEqual(0);
    expect(await box(page, canvas)).toMatchObject({ x: 0, width });
    await toggle(page).tap();
    await expect(page.getByRole('button', { name: 'Find seats' })).toBeVisible();
    await expect(async () => {
      const { y, height: tall } = await box(page, '#your-seats');
      expect(y).toBeGreaterThan(0);
      expect(y + tall).toBeLessThanOrEqual(height + 1);
    }).toPass();
    if (width > height) expect((await box(page, '#your-seats')).x, 'the house is seen beside it').toBeGreaterThan(400);
    else expect((await box(page, '#your-seats')).y, 'the house is seen above it').toBeGreaterThan(100);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the page is a plain one, and its seats can be held', async ({ page, request }) => {
    const { show } = await ownShow(request, `Plain ${Date.now()}`);
    await page.goto(`/shows/${show}`);
    await page.getByRole('button', { name: 'Find seats' }).click();
    await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();
  });
});
