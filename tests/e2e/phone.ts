import { expect, type Page } from '@playwright/test';

/** What the tests on a phone share. */

/** Somebody whom no other test knows. */
export async function newCustomer(page: Page, name: string): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(`${name.toLowerCase().replaceAll(' ', '-')}-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
}

/** Opens a show and waits until its map is live. */
export async function openShow(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
}

/** Best seats together, from the sheet. */
export async function findTogether(page: Page, count: number): Promise<void> {
  await page.getByRole('button', { name: 'Seats and list' }).click();
  await page.getByLabel('How many seats').selectOption(String(count));
  await page.getByRole('button', { name: 'Find seats' }).click();
  await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(count);
}

/** From held seats to the page of the confirmed booking; answers its path. */
export async function pay(page: Page): Promise<string> {
  // In the sheet, or in its line while it is closed.
  await page.getByRole('link', { name: /^(Continue to c|C)heckout$/ }).click();
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** What a finger cannot be sure to hit: everything that can be pressed and is seen, smaller than 44 px. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const pressed = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [role="button"]';
    const found: string[] = [];
    for (const one of document.querySelectorAll<HTMLElement>(pressed)) {
      if (!one.checkVisibility({ visibilityProperty: true })) continue;
      const target = one.matches('[type="checkbox"], [type="radio"]') ? (one.closest('label') ?? one) : one;
      const { width, height, bottom } = target.getBoundingClientRect();
      // The link that skips to the content comes into sight with the keyboard's focus.
      if (bottom < 0) continue;
      const name = one.getAttribute('aria-label') ?? one.textContent.trim();
      if (width < 43.9 || height < 43.9)
        found.push(`${one.localName} “${name}” ${width.toFixed(1)} × ${height.toFixed(1)}`);
    }
    return found;
  });
