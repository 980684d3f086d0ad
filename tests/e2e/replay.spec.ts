import { sound } from './sound.ts';
import { comeSignedIn, expect, openList, ORGANIZER, seat, showOf, takeSeat, test } from './visitor.ts';

test('an organizer plays a sale again, and asks what happened to a seat', async ({ page, browser, baseURL }) => {
  const path = await showOf(page, 'stardust-70mm', 1);
  await openList(page, path, 'Gallery');
  const index = await takeSeat(page, 8);
  const name = (await seat(page, index).getAttribute('aria-label')) ?? '';
  const [, row = '', number = ''] = /^Row (\w+) seat (\d+)/.exec(name) ?? [];
  await seat(page, index).click();
  await expect(seat(page, index)).toHaveAttribute('data-state', 'available');

  const office = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await comeSignedIn(office, ORGANIZER);
  await office.goto(path.replace('/shows/', '/admin/shows/'));
  await office.getByRole('link', { name: 'Replay' }).click();
  await expect(office.getByRole('heading', { name: /^Replay/ })).toBeVisible();
  // The worker keeps the log a second behind the sale.
  await expect(async () => {
    await office.reload();
    await office.getByLabel('Seat', { exact: true }).fill(`Gallery ${row} ${number}`);
    await office.getByRole('button', { name: 'Look' }).click();
    await expect(office.getByRole('cell', { name: 'Let go by its buyer' })).toBeVisible({ timeout: 2000 });
  }).toPass();
  await expect(office.getByRole('cell', { name: 'Held', exact: true })).toBeVisible();
  await sound(office, 'replay');

  // Two changes before the end the seat was held: the figures follow the keys.
  const held = office.locator('dt', { hasText: 'Held' }).locator('+ dd');
  const moment = office.locator('output[for="moment"]');
  await office.locator('h1').click();
  await office.keyboard.press('End');
  const [before, end] = [Number(await held.innerText()), await moment.innerText()];
  await office.keyboard.press('ArrowLeft');
  await expect(held).toHaveText(String(before + 1));
  await office.keyboard.press('ArrowRight');
  await expect(held).toHaveText(String(before));
  await office.keyboard.press('Home');
  await expect(moment).not.toHaveText(end);
  await office.getByLabel('Speed').selectOption('600×');
  await office.getByRole('button', { name: 'Play' }).click();
  await expect(moment).toHaveText(end);
  await expect(office.getByRole('button', { name: 'Play' })).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the table of a seat is a form and a page', async ({ page }) => {
    const path = await showOf(page, 'stardust-70mm', 1);
    await comeSignedIn(page, ORGANIZER);
    await page.goto(`${path.replace('/shows/', '/admin/shows/')}/replay`);
    await page.getByLabel('Seat', { exact: true }).fill('no such seat');
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(page.getByText(/no such seat” is no seat of this show/)).toBeVisible();
    await page.getByLabel('Seat', { exact: true }).fill('0');
    await page.getByRole('button', { name: 'Look' }).click();
    await expect(
      page
        .getByRole('table')
        .getByText(/The map was made from the books/)
        .first()
    ).toBeVisible();
  });
});
