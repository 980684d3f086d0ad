import { expect, type Page } from '@playwright/test';
import library, { type RunOptions } from 'axe-core';

declare global {
  /** What `library.source` leaves in a page. */
  var axe: typeof library;
}

/** Screens narrower than this (px) are held in a hand. */
const PHONE_PX = 600;

/**
 * Nothing that axe finds, in either theme, and nothing wider than the screen. What axe asks about structure does not
 * depend on colours: of the other theme only the contrast is asked. Colours do not depend on the screen, and cost most of
 * the time: on a phone they are not asked again.
 *
 * axe runs in the page itself. (Its builder for Playwright opens a second page for every look, and takes five times as
 * long.) Our pages hold no frames but the mail's own.
 */
export async function sound(page: Page, what: string): Promise<void> {
  const theme = await page.evaluate(() => {
    // Colours that are on their way from one theme to the other are none of either.
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important; }');
    document.adoptedStyleSheets.push(still);
    return getComputedStyle(document.documentElement).colorScheme === 'light' ? 'light' : 'dark';
  });
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(library.source);
  const onPhone = (page.viewportSize()?.width ?? 0) < PHONE_PX;
  expect(await faults(page, { rules: { 'color-contrast': { enabled: !onPhone } } }), what).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${what} is wider than the screen`).toBeLessThanOrEqual(0);

  if (onPhone) return;
  const other = theme === 'light' ? 'dark' : 'light';
  await show(page, other);
  const contrast = await faults(page, { runOnly: ['color-contrast'] });
  await show(page, theme);
  expect(contrast, `${what}, ${other}`).toEqual([]);
}

async function faults(page: Page, options: RunOptions): Promise<string[]> {
  const found = await page.evaluate((how) => globalThis.axe.run(document, how), {
    ...options,
    resultTypes: ['violations'],
    iframes: false
  } satisfies RunOptions);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const show = (page: Page, theme: string) =>
  page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name;
    dispatchEvent(new Event('themechange'));
  }, theme);
