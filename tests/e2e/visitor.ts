import { expect, test as base, type Page } from '@playwright/test';

/** What visitors do, in the words of the tests. `house.ts` has started the demo and says where in BASE_URL. */
export const test = base.extend({
  // Playwright wants the braces even where nothing is taken from them.
  baseURL: async ({ browserName }, use) => {
    expect(browserName).toBe('chromium');
    await use(process.env['BASE_URL'] ?? 'http://localhost:3000');
  }
});
export { expect } from '@playwright/test';

export const CUSTOMER = { email: 'customer@sample.com', password: '1234' };
export const ORGANIZER = { email: 'organizer@sample.com', password: '1234' };

export async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  if (!page.url().includes('/sign-in')) await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/**
 * Signs in as the page for it does, without opening it and the one after it: those have tests of their own. The page
 * stays where it is.
 */
export async function comeSignedIn(page: Page, { email, password }: { email: string; password: string }) {
  const answer = await page.request.post('/sign-in', {
    form: { email, password },
    // Asked for as a page, or the answer is one for scripts.
    headers: { accept: 'text/html', origin: new URL(process.env['BASE_URL'] ?? '').origin },
    maxRedirects: 0
  });
  expect(answer.status()).toBe(303);
}

/** The path of one of the event's shows. */
export async function showOf(page: Page, slug: string, n = 0): Promise<string> {
  await page.goto(`/events/${slug}`);
  const href = await page
    .getByRole('link', { name: /^Choose seats/ })
    .nth(n)
    .getAttribute('href');
  expect(href).toMatch(/^\/shows\//);
  return href ?? '';
}

/** Opens a show and the list of one of its sections; returns when the map is live. */
export async function openList(page: Page, path: string, section: string) {
  await page.goto(path);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const list = page.getByText('Choose from a list');
  if (!(await list.isVisible())) await page.getByRole('button', { name: 'Seats and list' }).click();
  await list.click();
  await page.getByLabel('Section').selectOption({ label: section });
}

export const seatsThatAre = (page: Page, state: string) => page.locator(`button[data-seat][data-state="${state}"]`);
export const seat = (page: Page, index: string) => page.locator(`button[data-seat="${index}"]`);

/** Takes an available seat of the opened section from the list; answers its index. `n` keeps tests apart. */
export async function takeSeat(page: Page, n = 0): Promise<string> {
  const index = (await seatsThatAre(page, 'available').nth(n).getAttribute('data-seat')) ?? '';
  await seat(page, index).click();
  await expect(seat(page, index)).toHaveAttribute('data-state', 'yours');
  return index;
}
