import { comeSignedIn, expect, openList, ORGANIZER, seat, showOf, takeSeat, test } from './visitor.ts';

test('a seat taken in one browser is held in the other, and available again when it is let go', async ({
  page,
  browser,
  baseURL
}) => {
  const path = await showOf(page, 'hamlet-in-the-pit');
  const other = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await openList(page, path, 'Tables');
  await openList(other, path, 'Tables');
  const index = await takeSeat(page);
  await expect(seat(other, index)).toHaveAttribute('data-state', 'held');
  await expect(page.getByRole('timer')).toHaveText(/^(10:00|9:[0-5]\d)$/);

  await seat(other, index).press('Enter');
  await expect(other.getByRole('complementary').getByText(/is held/)).toBeVisible();

  await seat(page, index).click();
  await expect(seat(other, index)).toHaveAttribute('data-state', 'available');
  await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeHidden();
  await other.context().close();
});

test('two tabs of one buyer show the same hold', async ({ page }) => {
  const path = await showOf(page, 'hamlet-in-the-pit', 1);
  const tab = await page.context().newPage();
  await openList(page, path, 'Tables');
  await openList(tab, path, 'Tables');
  const index = await takeSeat(page);
  await expect(seat(tab, index)).toHaveAttribute('data-state', 'yours');
});

test('a customer sees the sale pause, a notice, and the sale go on', async ({ page, browser, baseURL }) => {
  const path = await showOf(page, 'open-stage');
  await openList(page, path, 'Tables');
  const office = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await comeSignedIn(office, ORGANIZER);
  await office.goto(path.replace('/shows/', '/admin/shows/'));

  await office.getByRole('button', { name: 'Pause the sale' }).click();
  await expect(page.getByText('The sale is paused for a moment.').first()).toBeVisible();
  await page.locator('button[data-state="available"]').first().click();
  await expect(page.getByRole('complementary').getByText(/sale is paused/)).toBeVisible();

  await office.getByLabel('Notice').fill('Doors open at 18:15 today.');
  await office.getByRole('button', { name: 'Send notice' }).click();
  await expect(office.getByText(/^Sent to [1-9]\d* viewers?\.$/)).toBeVisible();
  await expect(page.getByText('Doors open at 18:15 today.')).toBeVisible();

  await office.getByRole('button', { name: 'Resume the sale' }).click();
  await expect(page.getByText('The sale is paused for a moment.').first()).toBeHidden();
  await takeSeat(page);
  await office.context().close();
});

test('a customer cannot open the organizer’s desk', async ({ page }) => {
  const answer = await page.goto('/admin');
  expect(answer?.status()).toBe(404);
});
