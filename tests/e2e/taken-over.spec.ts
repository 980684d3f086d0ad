import type { Page } from '@playwright/test';
import { expect, showOf, test } from './visitor.ts';

/**
 * A page comes drawn, and its scripts take it over. What that costs, a phone does not answer for: four times as long as this
 * machine. Each of these was found in a trace, and cost a tenth of a second or more there.
 */
declare global {
  interface Window {
    /** What taking the page over changed that has the browser look at all of it again. */
    shaken: string[];
  }
}

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

test('whose browser has no such worker, or one that never ends, gets the page all the same', async ({
  page,
  context
}) => {
  const show = await showOf(page, 'night-train-to-leh');
  await page.route(READER, (route) => route.abort());
  await page.goto(show);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  expect(await saidBy(page)).toBe('error');
  await page.unroute(READER);
  await page.route(READER, (route) => route.fulfill({ contentType: 'text/javascript', body: 'for (;;);' }));
  await page.goto(show);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const sandbox = await context.newPage();
  await sandbox.addInitScript(() =>
    Reflect.set(window, 'Worker', function () {
      throw new DOMException('not from here', 'SecurityError');
    })
  );
  await sandbox.goto(show);
  await expect(sandbox.getByText(/\d+ watching/)).toBeVisible();
});

/** What is thrown while a page begins, also what is caught: for each the browser reads a whole file for its line. */
async function thrownAt(page: Page, path: string): Promise<string[]> {
  const client = await page.context().newCDPSession(page);
  const thrown: string[] = [];
  client.on('Debugger.paused', ({ data }) => {
    const said = String((data as { description?: string } | undefined)?.description);
    if (said.includes('/_app/')) thrown.push(said);
    void client.send('Debugger.resume');
  });
  await client.send('Debugger.enable');
  await client.send('Debugger.setPauseOnExceptions', { state: 'all' });
  await page.goto(path);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  await client.detach();
  return thrown;
}

test('nothing is thrown while a show begins in a new tab, not even what is caught', async ({ page, context }) => {
  const show = await showOf(page, 'night-train-to-leh');
  const tab = await context.newPage();
  expect(await thrownAt(tab, show)).toEqual([]);
});

test('taking a show over restyles no large part of it, and brings no style sheet', async ({ page }) => {
  const show = await showOf(page, 'night-train-to-leh');
  await page.addInitScript(() => {
    window.shaken = [];
    const MANY = 40;
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'attributes' && target instanceof Element && target.querySelectorAll('*').length > MANY)
          window.shaken.push(`style of ${target.tagName} ${target.className}`);
        for (const node of addedNodes)
          if (node instanceof HTMLLinkElement && node.rel === 'stylesheet') {
            if (document.readyState !== 'loading') window.shaken.push(node.href);
          }
      }
    }).observe(document, { attributes: true, attributeFilter: ['style'], childList: true, subtree: true });
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(show);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  expect(await page.evaluate(() => window.shaken)).toEqual([]);
});
