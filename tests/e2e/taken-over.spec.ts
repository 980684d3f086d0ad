import type { Page } from '@playwright/test';
import { expect, showOf, test } from './visitor.ts';

/**
 * A page comes drawn, and its scripts take it over. What that costs, a phone does not answer for: four times as long as this
 * machine. Each of these was found in a trace, and cost a tenth of a second or more there.
 */
const READER = '**/first-words.js';

const saidBy = (page: Page) =>
  page.evaluate(() => {
    const said = window.formatsRead.then((event) => (event as Event).type);
    return Promise.race([said, new Promise((late) => setTimeout(late, 10_000, 'nothing'))]);
  });

test('a worker reads how amounts and times are written, and the page waits for it', async ({ page }) => {
  const wrong: string[] = [];
  page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
  for (const path of ['/', await showOf(page, 'night-train-to-leh')]) {
    const [worker] = await Promise.all([
      page.waitForEvent('worker', (one) => one.url().endsWith('/first-words.js')),
      page.goto(path)
    ]);
    // It ends itself; in a worker that throws, nobody would.
    await expect.poll(() => page.workers().includes(worker)).toBe(false);
    expect(await saidBy(page), 'it said so').toBe('message');
  }
  expect(wrong).toEqual([]);
});

test('whose browser has no such worker, or one that never ends, gets the page all the same', async ({ page }) => {
  const show = await showOf(page, 'night-train-to-leh');
  await page.route(READER, (route) => route.abort());
  await page.goto(show);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  expect(await saidBy(page)).toBe('error');
  await page.unroute(READER);
  await page.route(READER, (route) => route.fulfill({ contentType: 'text/javascript', body: 'for (;;);' }));
  await page.goto(show);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
});
