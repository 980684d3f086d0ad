import { devices } from '@playwright/test';
import { ownShow } from './own-show.ts';
import { newCustomer } from './phone.ts';
import { slowLine } from './slow-line.ts';
import { expect, test } from './visitor.ts';

test('tickets are bought on a slow network that breaks off in the middle', async ({ playwright, request, baseURL }, {
  project
}) => {
  const { show } = await ownShow(request, `Slow ${Date.now()}`);
  const line = await slowLine(new URL(baseURL ?? ''));
  const { launchOptions } = project.use;
  const args = [...(launchOptions?.args ?? []), ...line.browserArgs];
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  const page = await browser.newPage({ ...devices['Pixel 7'], baseURL: baseURL ?? '' });
  page.setDefaultTimeout(60_000);
  const soon = { timeout: 60_000 };
  try {
    await newCustomer(page, 'Sal Slow');
    await page.goto(`/shows/${show}`, { waitUntil: 'commit' });
    // Before the map is there the page says what it is about, and that the house is on its way.
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible(soon);
    await expect(page.getByText('Opening the house…')).toBeVisible();
    await expect(page.getByText(/\d+ watching/)).toBeVisible(soon);
    await expect(page.getByText('Opening the house…')).toBeHidden(soon);

    await page.getByRole('button', { name: 'Seats and list' }).tap();
    await page.getByText('Choose from a list').tap();
    await page.getByLabel('Section').selectOption({ label: 'Gallery' });
    const seat = (n: number) => page.locator('button[data-seat]').nth(n);
    await seat(2).tap();
    // The cut comes while the answer is on its way.
    await expect(seat(2)).toHaveAttribute('data-state', 'pending');
    line.cut();
    await expect(page.getByText('seats you hold stay yours')).toBeVisible(soon);
    // In the tunnel a click waits, and says so; at its end each is asked for once.
    await seat(3).tap();
    await expect(seat(3)).toHaveAttribute('data-state', 'pending');
    await expect(page.getByText('We ask for this as soon as we are through.').first()).toBeVisible();
    line.mend();
    await expect(seat(3)).toHaveAttribute('data-state', 'yours', soon);
    await expect(seat(2)).toHaveAttribute('data-state', 'yours', soon);
    await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.getByText('We ask for this as soon as we are through.')).toHaveCount(0);
    await expect(page.getByText('seats you hold stay yours')).toBeHidden();

    await page.getByRole('link', { name: 'Continue to checkout' }).tap();
    await expect(page.getByText('Loading…')).toBeAttached();
    await page.getByRole('button', { name: /^Pay / }).tap();
    await page.getByRole('button', { name: 'Success' }).tap();
    await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible(soon);
    await expect(page.getByRole('img', { name: /^QR code of the ticket/ })).toHaveCount(2, soon);
  } finally {
    await browser.close();
    line.close();
  }
});
