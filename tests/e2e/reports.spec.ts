import { readFile } from 'node:fs/promises';
import { sound } from './sound.ts';
import { comeSignedIn, CUSTOMER, expect, openList, ORGANIZER, showOf, signIn, takeSeat, test } from './visitor.ts';

const ADMIN = { email: 'admin@sample.com', password: '1234' };
const PAGES = [
  ...['/admin', '/admin/bookings', '/admin/bookings?q=nobody-is-called-this', '/admin/reports', '/admin/audit'],
  ...['sales', 'events', 'shows', 'tiers', 'venues', 'occupancy', 'conversion', 'refunds'].map(
    (name) => `/admin/reports/${name}`
  ),
  ...['/admin/reports/sales?from=2027-01-02&to=2027-01-01', '/admin/users']
];

test('the dashboard shows a sale that is made meanwhile, without being loaded again', async ({ page, browser }) => {
  await comeSignedIn(page, ORGANIZER);
  await page.goto('/admin');
  await expect(page.getByText(/^\s*live/)).toBeVisible();
  const figure = page.locator('[data-figure="tickets"]');
  const before = Number((await figure.innerText()).replaceAll(',', ''));
  await page.evaluate(() => Object.assign(window, { stillHere: true }));

  const buyer = await (await browser.newContext()).newPage();
  await comeSignedIn(buyer, CUSTOMER);
  await openList(buyer, await showOf(buyer, 'night-train-to-leh', 1), 'Balcony');
  await takeSeat(buyer, 20);
  await buyer.getByRole('link', { name: 'Continue to checkout' }).click();
  await buyer.getByRole('button', { name: /^Pay / }).click();
  await buyer.getByRole('button', { name: 'Success' }).click();
  await expect(buyer.getByRole('heading', { name: 'See you there' })).toBeVisible();

  await expect.poll(async () => Number((await figure.innerText()).replaceAll(',', ''))).toBeGreaterThan(before);
  expect(await page.evaluate(() => Reflect.get(window, 'stillHere') as unknown)).toBe(true);
});

test('a report is filtered without JavaScript, and downloads as CSV', async ({ browser }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, ORGANIZER);
  await page.goto('/admin/reports/sales');
  await page.getByLabel('Steps').selectOption('week');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/by=week/);
  await expect(page.getByRole('table')).toContainText('₹');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^sales-by-week-\d{4}-\d{2}-\d{2}\.csv$/);
  expect(await readFile(await file.path(), 'utf8')).toMatch(/^From,Bookings,Tickets,Revenue,Currency,Time zone\r\n/);
});

test('the pages of reports are accessible', async ({ page }) => {
  await signIn(page, ADMIN);
  for (const path of PAGES) {
    await page.goto(path);
    await sound(page, path);
  }
  await page.goto('/admin/bookings');
  await page.locator('td a').first().click();
  await expect(page.getByRole('heading', { name: 'Payments' })).toBeVisible();
  await sound(page, 'a booking');
  await page.goto('/admin/users?q=staff');
  await page.getByRole('link', { name: 'staff@sample.com' }).click();
  await page.getByRole('button', { name: 'Give this role' }).click();
  await expect(page.getByText('tick the box if you are sure')).toBeVisible();
  await sound(page, 'a user');
});
