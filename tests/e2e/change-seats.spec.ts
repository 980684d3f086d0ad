import type { Page } from '@playwright/test';
import { sound } from './sound.ts';
import { comeSignedIn, CUSTOMER, expect, openList, showOf, takeSeat, test } from './visitor.ts';

/** A paid booking of one cheap seat of the play; answers its page. */
async function book(page: Page, n: number): Promise<string> {
  await openList(page, await showOf(page, 'the-cherry-orchard', 2), 'Balcony');
  await takeSeat(page, n);
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  return page.url();
}
const tickets = (page: Page) => page.getByRole('list', { name: 'Tickets' });
const best = (page: Page) => page.getByLabel('New seats are');
const dearest = async (page: Page) =>
  best(page).selectOption((await best(page).getByRole('option').nth(1).getAttribute('value')) ?? '');

test('a customer sees what better seats cost, keeps the old ones until that is paid, and has them then', async ({
  page
}) => {
  await comeSignedIn(page, CUSTOMER);
  await book(page, 30);
  await page.getByText('Change seats …').click();
  await dearest(page);
  await page.getByRole('button', { name: 'See the difference' }).click();
  await expect(page.getByText('You keep your seats until that is paid.')).toBeVisible();
  await sound(page, 'a change of seats');
  await page.getByRole('button', { name: 'Pay ₹1,500 and change' }).click();
  await expect(page.getByText('the difference to other seats')).toBeVisible();
  await page.goBack();
  // The way back may be the page's own, and not at its end yet: it would break off the reload.
  await expect(tickets(page)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your new seats wait for the payment' })).toBeVisible();
  await expect(tickets(page)).toContainText('Balcony');
  await sound(page, 'a change that waits');
  await page.getByRole('link', { name: 'Pay ₹1,500' }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  await expect(tickets(page)).not.toContainText('Balcony');
  await expect(page.getByRole('region', { name: 'Seats and total' })).toContainText('₹2,400');
});

test('without JavaScript too: the best of a tier, and a declined payment leaves everything as it was', async ({
  page,
  browser,
  baseURL
}) => {
  await comeSignedIn(page, CUSTOMER);
  const url = await book(page, 34);
  const context = await browser.newContext({
    ...{ javaScriptEnabled: false, storageState: await page.context().storageState() },
    ...(baseURL === undefined ? {} : { baseURL })
  });
  const plain = await context.newPage();
  await plain.goto(url);
  await plain.getByText('Change seats …').click();
  await plain.getByRole('button', { name: 'See the difference' }).click();
  await expect(plain.getByRole('alert')).toContainText('Choose seats');
  await dearest(plain);
  await plain.getByRole('button', { name: 'See the difference' }).click();
  await plain.getByRole('button', { name: /^Pay .* and change$/ }).click();
  await plain.getByRole('button', { name: 'Decline' }).click();
  await expect(plain.getByText('Nothing was charged, and you have the seats that you had.')).toBeVisible();
  await expect(tickets(plain)).toContainText('Balcony');
  await context.close();
});
