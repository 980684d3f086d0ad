import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { writeQrVideo } from './qr-video.ts';
import { sound } from './sound.ts';
import { comeSignedIn, CUSTOMER, expect, openList, showOf, signIn, takeSeat, test } from './visitor.ts';

const STAFF = { email: 'staff@sample.com', password: '1234' };
const baseURL = process.env['BASE_URL'] ?? '';
const PHONE = { width: 390, height: 844 };

interface Bought {
  show: string;
  tickets: { code: string; shortCode: string; label: string }[];
}

/** Buys tickets of the n-th show as a customer, who may have eight of each; answers what their page has. */
async function buy(browser: Browser, n: number, count: 1 | 2): Promise<Bought> {
  const page = await (await browser.newContext({ baseURL })).newPage();
  await comeSignedIn(page, CUSTOMER);
  const show = await showOf(page, 'the-cherry-orchard', n);
  await openList(page, show, 'Stalls');
  for (let seats = 0; seats < count; seats++) await takeSeat(page);
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await page.getByRole('button', { name: /^Pay / }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  const id = page.url().split('/').at(-1) ?? '';
  const answer = await page.request.get(`/api/v1/bookings/${id}`);
  const { tickets } = (await answer.json()) as { tickets: Bought['tickets'] };
  const pdf = await page.request.get(`/api/v1/bookings/${id}/tickets.pdf`);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.context().close();
  return { show: show.split('/').at(-1) ?? '', tickets };
}

async function openGate(browser: Browser, show: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL, viewport: PHONE })).newPage();
  await page.goto('/sign-in');
  await comeSignedIn(page, STAFF);
  await page.goto(`/check-in/${show}`);
  await expect(page.getByText('online', { exact: true })).toBeVisible();
  await expect(page.getByText(/kept here for the time without/)).toBeVisible();
  return page;
}
const answer = (page: Page) => page.getByRole('region', { name: 'Answer' });
async function type(page: Page, code: string) {
  await page.getByLabel('Code of the ticket').fill(code);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
}
const [first, second] = [0, 1];
const ticket = (bought: Bought, n: number) => {
  const found = bought.tickets[n];
  if (!found) throw new Error(`no ticket ${n}`);
  return found;
};

test('two gates take one ticket once, see each other’s counts, and can take a wrong scan back', async ({ browser }) => {
  const bought = await buy(browser, 1, 2);
  const [north, south] = [await openGate(browser, bought.show), await openGate(browser, bought.show)];
  const counts = await north.locator('[data-counts]').innerText();
  await sound(north, 'gate');
  await type(north, ticket(bought, first).shortCode);
  await expect(answer(north)).toContainText('Welcome');
  await expect(answer(north)).toContainText(ticket(bought, first).label);
  await expect(south.locator('[data-counts]')).not.toHaveText(counts);
  await sound(north, 'gate after a ticket');
  await type(south, ticket(bought, first).shortCode);
  await expect(answer(south)).toContainText('Already in');
  await sound(south, 'gate after a ticket that was used');
  await type(south, 'FH1.nonsense');
  await expect(answer(south)).toContainText('Not valid');
  await sound(south, 'gate after no ticket');
  await answer(north).getByRole('button', { name: 'Wrong scan: take it back' }).click();
  await expect(answer(north)).toContainText('Taken back');
  await expect(south.locator('[data-counts]')).toHaveText(counts);
  await north.getByLabel('Name or seat').fill('Kiran');
  await north.getByRole('button', { name: 'Find' }).click();
  await expect(north.getByRole('button', { name: /^Let in Kiran/ }).first()).toBeVisible();
  await sound(north, 'gate with a search');
});

test('a gate goes on without a network, and merges with what the others did', async ({ browser }) => {
  const bought = await buy(browser, 1, 2);
  const [north, south] = [await openGate(browser, bought.show), await openGate(browser, bought.show)];
  await north.context().setOffline(true);
  await type(north, ticket(bought, first).shortCode);
  await expect(answer(north)).toContainText('Offline: will be merged.');
  await type(north, ticket(bought, second).code);
  await expect(north.getByText('2 to merge')).toBeVisible();
  await type(north, ticket(bought, first).code);
  await expect(answer(north)).toContainText('Already in');
  await type(north, '000-000-000');
  await expect(answer(north)).toContainText('Not on the list');
  await type(south, ticket(bought, second).shortCode);
  await expect(answer(south)).toContainText('Welcome');
  // What happened survives the page.
  await north.context().setOffline(false);
  await expect(north.getByRole('region', { name: 'Conflicts' })).toContainText(ticket(bought, second).label, {
    timeout: 30_000
  });
  await expect(north.getByText(/to merge/)).toHaveCount(0);
  await type(south, ticket(bought, first).shortCode);
  await expect(answer(south)).toContainText('Already in');
});

test('the camera reads the QR code of a ticket', async ({ launchOptions, browser }) => {
  const bought = await buy(browser, 2, 1);
  const folder = await mkdtemp(join(tmpdir(), 'fullhouse-camera-'));
  const film = join(folder, 'ticket.y4m');
  await writeQrVideo(film, ticket(bought, first).code);
  const camera = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      `--use-file-for-fake-video-capture=${film}`
    ]
  });
  const page = await (await camera.newContext({ baseURL, viewport: PHONE })).newPage();
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL) && /^https?:/.test(request.url())) elsewhere.push(request.url());
  });
  await page.goto('/sign-in');
  await comeSignedIn(page, STAFF);
  await page.goto(`/check-in/${bought.show}`);
  await expect(page.getByText(/kept here for the time without/)).toBeVisible();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await expect(answer(page)).toContainText('Welcome', { timeout: 30_000 });
  await expect(answer(page)).toContainText(ticket(bought, first).label);
  expect(elsewhere).toEqual([]);
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  await camera.close();
  await rm(folder, { recursive: true });
});

test('without a camera the gate says what to do, and typing goes on', async ({ browser }) => {
  const bought = await buy(browser, 2, 1);
  const page = await openGate(browser, bought.show);
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await expect(page.getByRole('alert')).toContainText('type the code that stands under each QR code');
  await type(page, ticket(bought, first).shortCode);
  await expect(answer(page)).toContainText('Welcome');
});

test('the gate works without JavaScript', async ({ browser }) => {
  const bought = await buy(browser, 2, 1);
  const page = await (await browser.newContext({ baseURL, viewport: PHONE, javaScriptEnabled: false })).newPage();
  await page.goto('/sign-in');
  await signIn(page, STAFF);
  await page.goto('/check-in');
  await page.goto(`/check-in/${bought.show}`);
  await type(page, ticket(bought, first).shortCode);
  await expect(answer(page)).toContainText('Welcome');
  await type(page, ticket(bought, first).shortCode);
  await expect(answer(page)).toContainText('Already in');
  await expect(page.locator('[data-counts]')).toBeVisible();
});

test('an organizer appoints and removes staff', async ({ page }) => {
  await comeSignedIn(page, { email: 'organizer@sample.com', password: '1234' });
  await page.goto('/admin/staff');
  await sound(page, 'staff');
  await page.getByLabel('E-mail of their account').fill('nobody@sample.com');
  await page.getByRole('button', { name: 'Appoint' }).click();
  await expect(page.getByText('belongs to no account')).toBeVisible();
  await page.getByLabel('E-mail of their account').fill('customer@sample.com');
  await page.getByRole('button', { name: 'Appoint' }).click();
  await expect(page.getByText('Kiran Customer may check tickets at your shows.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove Kiran Customer' }).click();
  await expect(page.getByText('may no longer check tickets')).toBeVisible();
  await expect(page.getByText('customer@sample.com')).toHaveCount(0);
});
