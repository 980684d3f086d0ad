import type { Page } from '@playwright/test';
import { ownShow } from './own-show.ts';
import { findTogether, newCustomer, openShow, pay } from './phone.ts';
import { expect, test } from './visitor.ts';

const codes = (page: Page) => page.getByRole('img', { name: /^QR code of the ticket/ });

/** A customer whose phone has just kept two tickets. */
async function booked(page: Page, request: Parameters<typeof ownShow>[0], name: string) {
  const own = await ownShow(request, `${name} ${Date.now()}`);
  await newCustomer(page, name);
  await openShow(page, `/shows/${own.show}`);
  await findTogether(page, 2);
  const path = await pay(page);
  await expect(page.getByText('Kept on this phone')).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  return { ...own, path };
}

test('tickets open without a network, and are gone after signing out', async ({ page, context, request }) => {
  const { path } = await booked(page, request, 'Odo Offline');
  const shortCode =
    (await page
      .getByText(/^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}$/)
      .first()
      .textContent()) ?? '';
  const picture = await codes(page).first().getAttribute('src');

  await context.setOffline(true);
  await page.goto(path);
  await expect(codes(page)).toHaveCount(2);
  expect(await codes(page).first().getAttribute('src'), 'the same code').toBe(picture);
  await expect(page.getByText(shortCode)).toBeVisible();
  await expect(page.getByRole('status')).toHaveText(/memory, as it was on\s.*\d{4}.*; it may have changed since\./);

  // Of the whole site, as ours is.
  const { origin } = new URL(page.url());
  await context.addCookies([{ name: 'fullhouse_language', value: 'de', url: `${origin}/` }]);
  await page.goto(path);
  await expect(page.getByRole('status')).toHaveText(/aus dem Speicher dieses Geräts/);
  await context.addCookies([{ name: 'fullhouse_language', value: 'en', url: `${origin}/` }]);

  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
  await page.getByRole('list', { name: 'Kept bookings' }).getByRole('link').click();
  await expect(codes(page)).toHaveCount(2);

  await context.setOffline(false);
  await page.goto('/bookings');
  await page.getByLabel(/^Account of/).tap();
  await page.getByRole('button', { name: 'Sign out' }).tap();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await context.setOffline(true);
  await page.goto(path);
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
  await expect(codes(page)).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'Kept bookings' })).toHaveCount(0);
});

test('a session that ended elsewhere takes its tickets along at the next visit', async ({ page, context, request }) => {
  const { path } = await booked(page, request, 'Else Where');
  await context.clearCookies();
  await page.goto('/');
  await expect.poll(() => page.evaluate(() => caches.has('fullhouse-tickets'))).toBe(false);
  await context.setOffline(true);
  await page.goto(path);
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
});

test('a cancelled show’s tickets are forgotten at the next visit, whichever page it is', async ({
  page,
  context,
  request
}) => {
  const { path, show, ask } = await booked(page, request, 'Cal Cancelled');
  const id = path.split('/').at(-1) ?? '';
  const kept = () => page.evaluate((key) => caches.match(key).then(Boolean), `/kept-bookings/${id}`);
  expect(await kept()).toBe(true);
  await ask(`POST /shows/${show}/cancel`, { reason: 'The roof leaks.' });
  await page.goto('/');
  await expect.poll(kept).toBe(false);
  await context.setOffline(true);
  await page.goto(path);
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
});

test('tickets that are not wanted on the phone are not kept, and nobody gets another’s', async ({
  page,
  request,
  browser
}) => {
  const { path } = await booked(page, request, 'Nora Not');
  const id = path.split('/').at(-1) ?? '';
  const answer = await page.request.get(`/bookings/kept?id=${id}`);
  expect(((await answer.json()) as { bookings: unknown[] }).bookings).toHaveLength(1);
  await page.getByRole('button', { name: 'Remove' }).tap();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Keep on this phone' })).toBeVisible();
  expect(await page.evaluate((key) => caches.match(key).then(Boolean), `/kept-bookings/${id}`)).toBe(false);

  const other = await browser.newPage({ baseURL: new URL(page.url()).origin });
  expect((await other.request.get(`/bookings/kept?id=${id}`)).status()).toBe(401);
  await newCustomer(other, 'Stan Stranger');
  const stranger = await other.request.get(`/bookings/kept?id=${id}`);
  expect(((await stranger.json()) as { bookings: unknown[] }).bookings).toEqual([]);
  await other.close();
});
