import type { Page } from '@playwright/test';
import { sound } from './sound.ts';
import { comeSignedIn, expect, ORGANIZER, signIn, test } from './visitor.ts';

/** A new empty plan in the editor; answers its address. */
async function openEmpty(page: Page, name: string): Promise<string> {
  await page.goto('/admin/plans');
  await page.getByRole('link', { name: 'New plan' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(page.getByRole('heading', { name: 'An empty hall' })).toBeVisible();
  return page.url();
}

const drawing = (page: Page) => page.getByRole('application', { name: /Drawing of the plan/ });
const tool = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true });
const places = (page: Page) => page.locator('header p.num');

/** From one point of the drawing to another; shares of its width and height. */
async function drag(page: Page, from: [number, number], to: [number, number]) {
  const box = await drawing(page).boundingBox();
  if (!box) throw new Error('there is no drawing');
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

test('a hall is drawn by hand, numbered, priced, published and sold', async ({ page }) => {
  await comeSignedIn(page, ORGANIZER);
  const name = `Drawn ${Date.now()}`;
  const address = await openEmpty(page, name);
  await sound(page, 'empty plan');

  await tool(page, 'Stage').click();
  await drag(page, [0.35, 0.2], [0.65, 0.25]);
  await tool(page, 'Block').click();
  await drag(page, [0.3, 0.35], [0.6, 0.55]);
  await tool(page, 'Bent rows').click();
  await drag(page, [0.25, 0.65], [0.7, 0.65]);
  await tool(page, 'Table').click();
  await drag(page, [0.85, 0.45], [0.85, 0.45]);
  await tool(page, 'Standing').click();
  await drag(page, [0.08, 0.4], [0.2, 0.6]);
  await expect(page.getByText(/^[\d,]+ places?$|places$/).first()).toBeVisible();

  // All seats of the hall: numbered from the right, the rows without I and O.
  await tool(page, 'Select').click();
  await drawing(page).focus();
  await page.keyboard.press('Control+a');
  await page.getByText('Number seats').click();
  await page.getByLabel('Begin at').first().selectOption('right');
  await page.getByRole('button', { name: /^Number [\d,]+ seats$/ }).click();
  const before = await places(page).innerText();
  await drawing(page).focus();
  await page.keyboard.press('Delete');
  await expect(places(page)).toContainText(' 0 places');
  await page.keyboard.press('Control+z');
  await expect(places(page)).toHaveText(before);
  await page.keyboard.press('Control+Shift+z');
  await expect(places(page)).toContainText(' 0 places');
  await page.keyboard.press('Control+z');

  // A second tier for one row, and a wheelchair place.
  await page.getByRole('tab', { name: 'Tiers' }).click();
  await page.getByRole('button', { name: 'New tier' }).click();
  await page.getByLabel('Name of tier 2').fill('Front');
  await page.getByLabel('Name of tier 2').press('Enter');
  await page.getByRole('tab', { name: 'Structure' }).click();
  await page.getByRole('button', { name: /^Row A / }).click();
  await page.getByRole('tab', { name: 'Selection' }).click();
  await page.getByLabel('Price tier').selectOption({ label: 'Front' });
  await page.getByLabel('Wheelchair place').check();
  await sound(page, 'a row in the editor');

  await expect(page.getByRole('status').filter({ hasText: /^\s*Saved/ })).toBeVisible();
  const drawn = await places(page).innerText();
  await page.reload();
  await expect(places(page)).toHaveText(drawn);

  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('This version can be sold and never changes.', { exact: false })).toBeVisible();
  expect(page.url()).toBe(address);
  await sound(page, 'published plan');

  const planId = address.split('/').at(-1) ?? '';
  const geometry = await (await page.request.get(`/api/v1/plans/${planId}/geometry`)).json();
  expect(geometry.tiers.map((tier: { name: string }) => tier.name)).toEqual(['Standard', 'Front']);
  const wheelchairs = geometry.seats.filter((seat: { attributes?: string[] }) =>
    seat.attributes?.includes('wheelchair')
  );
  expect(wheelchairs.length).toBeGreaterThan(3);
  // Row A counts from the right.
  expect(wheelchairs.at(-1).label).toBe('1');

  const events = await (await page.request.get('/api/v1/events?mine=true')).json();
  const show = await page.request.post('/api/v1/shows', {
    data: {
      ...{ eventId: events.items[0].id, planId, startsAt: '2031-05-01T18:00:00Z', currency: 'EUR', seatsPerBuyer: 6 },
      prices: Object.fromEntries(geometry.tiers.map(({ id }: { id: string }) => [id, 2000]))
    },
    headers: { origin: new URL(address).origin }
  });
  expect(show.status(), await show.text()).toBe(201);
  await page.goto(`/shows/${(await show.json()).id}`);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  await page.getByText('Choose from a list').click();
  await page.getByLabel('Section').selectOption({ index: 1 });
  await expect(page.locator('button[data-seat][data-state="available"]').first()).toBeVisible();
});

test('a plan is made with the keyboard alone', async ({ page }) => {
  await comeSignedIn(page, ORGANIZER);
  await openEmpty(page, `Keys ${Date.now()}`);
  await drawing(page).focus();
  await page.keyboard.press('g');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Drew \d+ rows/)).toBeAttached();
  await page.keyboard.press('Escape');
  const first = await places(page).innerText();
  expect(first).not.toContain(' 0 places');
  const x = page.getByLabel('Middle, X');
  const was = Number(await x.inputValue());
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(x).toHaveValue(String(was + 3));
  await expect(page.getByText(/^Moved /)).toBeAttached();
  await page.keyboard.press('Control+z');
  await expect(x).toHaveValue(String(was));
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await sound(page, 'keys');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('tab', { name: 'Selection' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Structure' })).toHaveAttribute('aria-selected', 'true');
  const row = page.getByRole('button', { name: /^Row B / });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('tab', { name: 'Structure' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByLabel('Bend').fill('60');
  await page.getByLabel('Bend').press('Enter');
  await expect(page.getByLabel('Bend')).toHaveValue('60');
  await page.getByLabel('Seats in row').fill('4');
  await page.getByLabel('Seats in row').press('Enter');
  await expect(places(page)).not.toHaveText(first);
});

test('who saves over somebody else’s work is asked, and both are kept', async ({ page, context }) => {
  await comeSignedIn(page, ORGANIZER);
  const name = `Both ${Date.now()}`;
  const address = await openEmpty(page, name);
  const other = await context.newPage();
  await other.goto(address);
  await drawing(other).focus();
  await other.keyboard.press('g');
  await other.keyboard.press('Enter');
  await expect(other.getByRole('status').filter({ hasText: /^\s*Saved/ })).toBeVisible();
  await drawing(page).focus();
  await page.keyboard.press('s');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Somebody else has saved this plan' });
  await expect(dialog.getByRole('button', { name: 'Keep mine as a copy' })).toBeVisible();
  await sound(page, 'conflict');
  await dialog.getByRole('button', { name: 'Keep mine as a copy' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${name} (copy)` })).toBeVisible();
  await expect(places(page)).toContainText(' 100 places');
  await page.goto(address);
  await expect(places(page)).not.toContainText(' 100 places');
});

test('the list of plans is searched, duplicates and deletes, also without JavaScript', async ({ browser, baseURL }) => {
  const page = await browser.newPage({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  await signIn(page, ORGANIZER);
  const name = `Plain ${Date.now()}`;
  await page.goto('/admin/plans/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Begin with').selectOption('120');
  await page.getByRole('button', { name: 'Create plan' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.getByRole('button', { name: 'Draw the next version' }).click();
  // Playwright's own searches pass over <noscript>.
  await expect(page.locator('noscript a', { hasText: 'import a plan from a file' })).toBeVisible();
  await page.goto(`/admin/plans?q=${encodeURIComponent(name)}`);
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(2);
  await page.getByText('Delete …').last().click();
  await page
    .getByRole('button', { name: /for good$/ })
    .last()
    .click();
  await expect(page.getByText('Deleted.')).toBeVisible();
  await page.close();
});
