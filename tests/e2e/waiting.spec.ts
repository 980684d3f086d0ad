import type { APIRequestContext, Page } from '@playwright/test';
import { ownShow } from './own-show.ts';
import { CUSTOMER, expect, signIn, test } from './visitor.ts';

/** A show of 120 seats, all of them blocked: what the organizer puts back on sale goes to those who wait. */
async function soldOut(request: APIRequestContext) {
  const title = `The Long Wait ${Date.now()}`;
  const { show, ask } = await ownShow(request, title);
  const seats = Array.from({ length: 120 }, (_, seat) => seat);
  await ask(`POST /shows/${show}/blocks`, { seats, reason: 'Sold out' });
  return { show, title, free: (...seats: number[]) => ask(`DELETE /shows/${show}/blocks`, { seats }) };
}

async function join(page: Page, show: string) {
  await page.goto(`/shows/${show}`);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const form = page.getByText('Sold out? The waiting list');
  const seats = page.getByLabel('Seats', { exact: true });
  if (!(await seats.isVisible())) await form.click();
  await seats.selectOption({ label: '2 together' });
  await page.getByRole('button', { name: 'Join the waiting list' }).click();
  await expect(page.getByRole('button', { name: 'Leave the waiting list' })).toBeVisible();
}

test('two people wait for two together: one takes the seats that come back, the other declines', async ({
  page,
  browser,
  baseURL,
  request
}) => {
  const { show, title, free } = await soldOut(request);
  await page.goto('/sign-in');
  await signIn(page, CUSTOMER);
  await join(page, show);
  const other = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await other.goto('/sign-up');
  await other.getByLabel('Name').fill('Wanda Waits');
  const email = `wanda-${Date.now()}@example.com`;
  await other.getByLabel('E-mail').fill(email);
  await other.getByLabel('Password').fill('a long enough password');
  await other.getByRole('button', { name: 'Create account' }).click();
  await expect(other).not.toHaveURL(/sign-up/);
  await join(other, show);

  await free(0, 1);
  await page.getByRole('link', { name: 'See the offer' }).click();
  await expect(page.getByRole('heading', { name: '2 seats for you' })).toBeVisible();
  await page.getByRole('link', { name: 'Take the seats' }).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await expect(page.locator('main')).toContainText(title);
  // Who came second is still waiting.
  await expect(other.getByRole('button', { name: 'Leave the waiting list' })).toBeVisible();

  await free(2, 3);
  await expect(other.getByRole('link', { name: 'See the offer' })).toBeVisible();
  await expect(async () => {
    await other.goto('/dev/mail');
    await expect(other.getByLabel('Mails', { exact: true })).toContainText(email, { timeout: 500 });
  }).toPass();
  await other.goto('/bookings');
  await other.getByRole('link', { name: 'See the offer' }).click();
  await other.getByRole('button', { name: 'Decline the offer' }).click();
  await expect(other.getByRole('heading', { name: 'This offer is over' })).toBeVisible();
  await expect(other.getByRole('link', { name: 'Join the waiting list again' })).toBeVisible();
  await other.context().close();
});
