import { CUSTOMER, expect, openList, showOf, signIn, takeSeat, test } from './visitor.ts';

test('a guest chooses seats, signs in, pays, and has tickets and a mail', async ({ page }) => {
  const path = await showOf(page, 'stardust-70mm');
  await openList(page, path, 'Tables');
  await takeSeat(page);
  await takeSeat(page);
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await expect(page).toHaveURL(/sign-in\?next=%2Fcheckout/);
  await signIn(page, CUSTOMER);
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await expect(page.locator('main')).toContainText('€32');
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Success' }).click();

  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^QR code of the ticket/ })).toHaveCount(2);
  const booking = page.url();
  await expect(async () => {
    await page.goto('/dev/mail');
    await expect(page.getByLabel('Mails', { exact: true })).toContainText(CUSTOMER.email, { timeout: 500 });
    await expect(page.getByLabel('Mails', { exact: true })).toContainText('Stardust', { timeout: 500 });
  }).toPass();
  await page.goto('/bookings');
  await expect(page.getByRole('link', { name: /Stardust/ })).toHaveAttribute('href', new URL(booking).pathname);
});

test('a declined payment keeps the seats, and a second try succeeds', async ({ page }) => {
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Dora Declined');
  await page.getByLabel('E-mail').fill(`dora-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
  const path = await showOf(page, 'stardust-70mm', 1);
  await openList(page, path, 'Gallery');
  await takeSeat(page);
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('heading', { name: 'The payment did not go through' })).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
});

test('what was typed stays when signing in fails, and no other site can be the way on', async ({ page }) => {
  await page.goto('/sign-in?next=https://evil.example/');
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password').fill('wrong');
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('nobody@example.com');
  await signIn(page, CUSTOMER);
  await expect(page).toHaveURL('/');
});
