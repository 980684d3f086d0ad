import type { Page } from '@playwright/test';
import { expect, test } from './visitor.ts';

/**
 * Home and event pages are whole without a script: theirs run at the first touch, and whatever was touched answers. That
 * a page is alive is told by an event, which each of these pages is asked to note.
 */
declare global {
  interface Window {
    alive?: boolean;
  }
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => addEventListener('fullhouse:live', () => (window.alive = true)));
});

const alive = (page: Page) => page.evaluate(() => window.alive ?? false);

for (const path of ['/', '/events/hamlet-in-the-pit']) {
  test(`${path} runs no script before somebody touches it, and all of them then`, async ({ page }) => {
    await page.goto(path, { waitUntil: 'load' });
    const fetched = () =>
      page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length);
    // They are there before they are needed.
    await expect.poll(fetched).toBeGreaterThan(5);
    await page.waitForTimeout(1000);
    expect(await alive(page)).toBe(false);
    await page.touchscreen.tap(200, 400);
    await expect.poll(() => alive(page)).toBe(true);
  });
}

test('the first touch does what it should, though it came before the scripts', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/', { waitUntil: 'load' });
  await page.getByRole('button', { name: 'Switch between light and dark' }).tap();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  // Once, and not there and back again.
  await page.waitForTimeout(300);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('links lead on before and after it', async ({ page }) => {
  await page.goto('/', { waitUntil: 'load' });
  await page
    .getByRole('link', { name: /Hamlet/ })
    .first()
    .tap();
  await expect(page.getByRole('heading', { level: 1, name: /Hamlet/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect.poll(() => alive(page)).toBe(true);
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.goBack();
  await page.goForward();
  await page
    .getByRole('link', { name: /^Choose seats/ })
    .first()
    .tap();
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
});

test('a page that no tickets are kept on asks for none of its scripts to run; one that has them is kept in order', async ({
  page
}) => {
  await page.goto('/', { waitUntil: 'load' });
  await page.evaluate(() => caches.open('fullhouse-tickets'));
  await page.reload();
  await expect.poll(() => alive(page)).toBe(true);
});
