import { sound } from './sound.ts';
import { comeSignedIn, expect, openList, ORGANIZER, seat, seatsThatAre, showOf, takeSeat, test } from './visitor.ts';

const controlOf = (path: string) => path.replace('/shows/', '/admin/shows/');

test('two organizers and a customer see at once what is done to a show', async ({ page, browser, baseURL }) => {
  const path = await showOf(page, 'hamlet-in-the-pit', 2);
  await openList(page, path, 'Tables');
  const office = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await comeSignedIn(office, ORGANIZER);
  const other = await office.context().newPage();
  for (const desk of [office, other]) {
    await desk.goto(controlOf(path));
    await expect(desk.getByRole('button', { name: 'Keys' })).toBeVisible();
  }
  await sound(office, 'control room');
  await other.getByLabel('Price of Gallery').fill('31');

  // A block: found by name, blocked with a reason by the keyboard; gone from the customer's list, seen by the colleague.
  const free = seatsThatAre(page, 'available').first();
  const index = (await free.getAttribute('data-seat')) ?? '';
  const [, row = '', number = ''] = /^Row (\w+) seat (\d+)/.exec((await free.getAttribute('aria-label')) ?? '') ?? [];
  await office.keyboard.press('f');
  await office.getByLabel('Find seats').fill(`Tables ${row} ${number}`);
  await office.getByLabel('Find seats').press('Enter');
  await expect(office.locator('[data-chosen="1"]')).toBeVisible();
  await expect(office.getByLabel('The chosen seat')).toContainText('On sale');
  await office.getByLabel('Find seats').blur();
  await office.keyboard.press('b');
  await office.keyboard.type('Camera stand');
  await office.keyboard.press('Enter');
  await expect(office.getByText('1 seat is blocked.')).toBeVisible();
  await expect(office.getByLabel('The chosen seat')).toContainText('Camera stand');
  await expect(seat(page, index)).toHaveCount(0);
  await expect(other.getByLabel('What happened')).toContainText('blocked 1 seat: Camera stand');
  await expect(other.getByLabel('Price of Gallery'), 'what is typed stays').toHaveValue('31');

  // Back on sale, with one key.
  await office.locator('h1').click();
  await office.keyboard.press('u');
  await expect(office.getByText('1 seat is on sale again.')).toBeVisible();
  await expect(seat(page, index)).toHaveAttribute('data-state', 'available');

  // A price: the cart keeps its own, the page has the new one.
  await takeSeat(page);
  const total = page.locator('.total .big');
  const shown = await total.innerText();
  await office.getByLabel('Price of Tables').fill('99');
  await office.getByRole('button', { name: 'Save start and prices' }).click();
  await expect(office.getByText(/^Saved\. Everyone who watches/)).toBeVisible();
  await expect(page.getByText(/New prices: Tables .*99/)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('99');
  await expect(total).toHaveText(shown);
  await expect(other.getByLabel('Price of Tables')).toHaveValue(/^99/);

  // A hold: listed while it is there, released by the organizer; the customer is told who did it.
  const release = office.getByRole('button', { name: /^Release the hold of guest/ });
  await expect(release).toHaveCount(1);
  await release.click();
  await expect(office.getByText('The hold is released, and its buyer is told.')).toBeVisible();
  await expect(page.getByRole('complementary').getByText(/organizer has put seats of yours back/)).toBeVisible();
  await expect(release).toHaveCount(0);

  // A notice goes to all who watch: the customer and both desks, whose maps are live too.
  await office.locator('h1').click();
  await office.keyboard.press('n');
  await office.keyboard.type('Doors open at 18:15 today.');
  await office.getByRole('button', { name: 'Send notice' }).click();
  await expect(office.getByText('Sent to 3 viewers.')).toBeVisible();
  await expect(page.getByText('Doors open at 18:15 today.')).toBeVisible();

  await office.getByRole('button', { name: 'Compare now' }).click();
  await expect(office.getByText('Nothing is wrong.')).toBeVisible();

  await office.locator('h1').click();
  await office.keyboard.press('p');
  await expect(page.getByText('The sale is paused for a moment.').first()).toBeVisible();
  await expect(other.getByRole('button', { name: 'Resume the sale' })).toBeVisible();
  await office.keyboard.press('?');
  await expect(office.getByRole('dialog')).toBeVisible();
  await sound(office, 'keys');
  await office.keyboard.press('Escape');
  await expect(office.getByRole('dialog')).toBeHidden();
  await office.keyboard.press('p');
  await expect(page.getByText('The sale is paused for a moment.').first()).toBeHidden();
  await office.context().close();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });

  test('seats are blocked by their names, and what is not understood is said', async ({ page }) => {
    const path = await showOf(page, 'hamlet-in-the-pit', 1);
    await comeSignedIn(page, ORGANIZER);
    await page.goto(controlOf(path));
    const { right } = await page.locator('main').evaluate((main) => ({ right: main.scrollWidth }));
    expect(right).toBeLessThanOrEqual(390);
    await page.getByLabel('Seats', { exact: true }).fill('Tables Q 900');
    await page.getByRole('textbox', { name: 'Reason', exact: true }).fill('Broken chair');
    await page.getByRole('button', { name: 'Block' }).click();
    await expect(page.getByText('Seats has no seats that we know as Tables Q 900')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Reason', exact: true })).toHaveValue('Broken chair');
    await page.getByLabel('Find seats').fill('Gallery');
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await expect(page.getByLabel('The chosen seat')).toContainText('Price');
  });
});
