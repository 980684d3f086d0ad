import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Nothing that axe finds, in either theme, and nothing wider than the screen. What axe asks about structure does not
 * depend on colours: of the other theme only the contrast is asked.
 */
export async function sound(page: Page, what: string): Promise<void> {
  const theme = await page.evaluate(() => {
    // Colours that are on their way from one theme to the other are none of either.
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { transition: none !important; }');
    document.adoptedStyleSheets.push(still);
    return getComputedStyle(document.documentElement).colorScheme === 'light' ? 'light' : 'dark';
  });
  expect(await faults(new AxeBuilder({ page })), what).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, `${what} is wider than the screen`).toBeLessThanOrEqual(0);

  const other = theme === 'light' ? 'dark' : 'light';
  await show(page, other);
  const contrast = await faults(new AxeBuilder({ page }).withRules(['color-contrast']));
  await show(page, theme);
  expect(contrast, `${what}, ${other}`).toEqual([]);
}

async function faults(builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const show = (page: Page, theme: string) =>
  page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name;
    dispatchEvent(new Event('themechange'));
  }, theme);
