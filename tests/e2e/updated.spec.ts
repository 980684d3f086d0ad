import type { Page } from '@playwright/test';
import { ownShow } from './own-show.ts';
import { expect, test } from './visitor.ts';

/**
 * The site is updated while its first page is open: from `begin` on, those of the files not asked for before that hold
 * such a text are gone, until the browser loads a page anew. Answers how many it has loaded.
 */
async function update(page: Page, gone: (text: string) => boolean = () => true) {
  let begun = false;
  let loads = 0;
  const isOld = () => begun && loads === 1;
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) loads++;
  });
  await page.route('**/_app/version.json', (route) =>
    isOld() ? route.fulfill({ json: { version: 'another' } }) : route.continue()
  );
  await page.route('**/_app/immutable/**/*.js', async (route) => {
    if (!isOld()) return route.continue();
    const answer = await route.fetch();
    return gone(await answer.text()) ? route.fulfill({ status: 404 }) : route.fulfill({ response: answer });
  });
  return { begin: () => (begun = true), loads: () => loads };
}

test('the next page of a site that was updated meanwhile is loaded as it is now', async ({ page }) => {
  const site = await update(page);
  await page.goto('/');
  await page.evaluate(() => document.fonts.ready.then(() => true));
  site.begin();
  await page.getByRole('link', { name: 'Night Train to Leh' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Night Train to Leh' })).toBeVisible();
  await expect(page).toHaveURL(/\/events\/night-train-to-leh$/);
  expect(site.loads()).toBe(2);
});

test('a map whose other half is gone with the version it came from begins anew, once', async ({ page, request }) => {
  const { show } = await ownShow(request, `Updated ${Date.now()}`);
  // What the live connection is made of comes after the page.
  const site = await update(page, (body) => body.includes('reconnectionDelayMax') && body.includes('EIO'));
  site.begin();
  await page.goto(`/shows/${show}`);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  expect(site.loads()).toBe(2);
});
