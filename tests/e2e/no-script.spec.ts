import { expect, showOf, test } from './visitor.ts';

test.use({ javaScriptEnabled: false });

test('without JavaScript a guest holds seats by a form and lets one go', async ({ page }) => {
  const path = await showOf(page, 'stardust-70mm');
  await page.goto(path);
  await page.getByText('Choose from a list').click();
  await page.getByLabel('Section').selectOption({ label: 'Gallery' });
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const free = page.getByRole('checkbox', { disabled: false });
  await free.nth(0).check();
  await free.nth(1).check();
  await page.getByRole('button', { name: 'Hold these seats' }).click();
  const seats = page.getByRole('list', { name: 'Your seats' }).getByRole('listitem');
  await expect(seats).toHaveCount(2);
  await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();
  await seats.first().getByRole('button').click();
  await expect(seats).toHaveCount(1);
});
