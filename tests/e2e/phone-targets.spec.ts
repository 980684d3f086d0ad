import { ownShow } from './own-show.ts';
import { newCustomer, openShow, smallTargets } from './phone.ts';
import { expect, test } from './visitor.ts';

test('everything on the way to a ticket can be hit with a finger', async ({ page, request }) => {
  const { show } = await ownShow(request, `Targets ${Date.now()}`);
  await page.goto('/sign-in');
  expect(await smallTargets(page), 'sign in').toEqual([]);
  await page.goto('/sign-up');
  expect(await smallTargets(page), 'sign up').toEqual([]);
  await newCustomer(page, 'Fran Finger');

  await openShow(page, `/shows/${show}`);
  expect(await smallTargets(page), 'show').toEqual([]);
  await page.getByRole('button', { name: 'Seats and list' }).tap();
  await page.getByRole('button', { name: 'Find seats' }).tap();
  await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(2);
  await page.getByText('Choose from a list').tap();
  await page.getByLabel('Section').selectOption({ label: 'Gallery' });
  await expect(page.locator('button[data-seat]').first()).toBeVisible();
  await page.getByText('Sold out? The waiting list').tap();
  expect(await smallTargets(page), 'show with a hold and the list').toEqual([]);

  await page.getByRole('link', { name: 'Continue to checkout' }).tap();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  expect(await smallTargets(page), 'checkout').toEqual([]);
  await page.getByRole('button', { name: /^Pay / }).tap();
  await expect(page.getByRole('button', { name: 'Success' })).toBeVisible();
  expect(await smallTargets(page), 'payment').toEqual([]);
  await page.getByRole('button', { name: 'Success' }).tap();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  await expect(page.getByText('Kept on this phone')).toBeVisible();
  for (const closed of await page.locator('main summary').all()) await closed.tap();
  expect(await smallTargets(page), 'booking').toEqual([]);
  await page.goto('/bookings');
  expect(await smallTargets(page), 'bookings').toEqual([]);
});
