import type { Page } from '@playwright/test';
import { sound } from './sound.ts';
import { expect, openList, showOf, takeSeat, test } from './visitor.ts';

/** Open Stage: €12 at the tables, half of it for children, €0.50 a ticket, VAT included; OPEN-STAGE takes a fifth off. */
async function newBuyer(page: Page) {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Petra Price');
  await page.getByLabel('E-mail').fill(`petra-${crypto.randomUUID()}@example.com`);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
}
const total = (page: Page) => page.getByRole('button', { name: /^Pay / });
const code = (page: Page) => page.getByLabel('Promo code');

test('a buyer chooses ticket types, uses a code, and pays what was shown; nothing moves', async ({ page }) => {
  await newBuyer(page);
  await openList(page, await showOf(page, 'open-stage'), 'Tables');
  // Others begin with the first row of this house.
  await takeSeat(page, 14);
  await takeSeat(page, 14);
  await expect(page.getByText('With all fees and taxes.')).toBeVisible();
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await expect(total(page)).toHaveText('Pay €25');
  const place = await total(page).boundingBox();

  await page
    .getByLabel(/^Ticket type of/)
    .last()
    .selectOption('child');
  await expect(total(page)).toHaveText('Pay €19');
  await code(page).fill('no-such-code');
  await code(page).press('Enter');
  await expect(page.getByText('This code is not known for this show.')).toBeVisible();
  await expect(total(page)).toHaveText('Pay €19');
  await sound(page, 'checkout with a code that is none');
  expect(await total(page).boundingBox()).toEqual(place);
  // What was not priced yet is shown first: nothing is paid that was not seen.
  await code(page).fill('open-stage');
  await total(page).click();
  await expect(page.getByText('Nothing was booked yet.')).toBeVisible();
  await expect(total(page)).toHaveText('Pay €15.40');
  await sound(page, 'checkout with ticket types and a code');
  await total(page).click();
  await expect(page.locator('main')).toContainText('€15.40');
  await page.getByRole('button', { name: 'Success' }).click();

  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  for (const words of ['Discount (OPEN-STAGE)', '−€3.60', '€15.40', 'Child', 'VAT 7%, included', '€1.01'])
    await expect(page.locator('main')).toContainText(words);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the same form prices and pays', async ({ page }) => {
    await newBuyer(page);
    await page.goto(await showOf(page, 'open-stage'));
    await page.getByText('Choose from a list').click();
    await page.getByLabel('Section').selectOption({ label: 'Gallery' });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('checkbox', { disabled: false }).first().check();
    await page.getByRole('button', { name: 'Hold these seats' }).click();
    await page.getByRole('link', { name: 'Continue to checkout' }).click();
    const before = await total(page).textContent();
    await page.getByLabel(/^Ticket type of/).selectOption('child');
    await code(page).fill('OPEN-STAGE');
    await page.getByRole('button', { name: 'Update price' }).click();
    await expect(page.getByText('OPEN-STAGE is used.')).toBeVisible();
    await expect(page.getByLabel(/^Ticket type of/)).toHaveValue('child');
    await expect(total(page)).not.toHaveText(before ?? '');
    const shown = (await total(page).textContent())?.replace('Pay', '').trim() ?? '';
    await total(page).click();
    await expect(page.locator('main')).toContainText(shown);
    await page.getByRole('button', { name: 'Success' }).click();
    await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
    await expect(page.locator('main')).toContainText(shown);
  });
});
