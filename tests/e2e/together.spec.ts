import { expect, openList, seat, seatsThatAre, showOf, takeSeat, test } from './visitor.ts';

test('two together are found, held and brought into view', async ({ page }) => {
  await page.goto(await showOf(page, 'the-cherry-orchard'));
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const form = page.getByRole('form', { name: 'Best available' });
  await form.getByLabel('Price').selectOption({ label: 'Balcony ₹900' });
  await form.getByRole('button', { name: 'Find seats' }).press('Enter');
  const mine = page.getByRole('list', { name: 'Your seats' }).getByRole('listitem');
  await expect(mine).toHaveCount(2);
  const names = await mine.allInnerTexts();
  const [a, b] = names.map((text) => /Balcony, row (\w+), seat (\d+)/.exec(text));
  expect(a?.[1]).toBe(b?.[1]);
  expect(Math.abs(Number(a?.[2]) - Number(b?.[2]))).toBe(1);
  await expect(page.getByRole('status').filter({ hasText: /held for you/ })).toBeAttached();
});

test('more seats than a buyer may have are refused in words', async ({ page }) => {
  await page.goto(await showOf(page, 'the-cherry-orchard', 1));
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const form = page.getByRole('form', { name: 'Best available' });
  const find = form.getByRole('button', { name: 'Find seats' });
  await form.getByLabel('How many seats').selectOption({ label: '8 together' });
  await find.click();
  await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(8);
  await find.click();
  await expect(page.getByRole('complementary').getByText(/at most 8 seats/)).toBeVisible();
});

test('who is refused a seat takes the closest one with one tap', async ({ page, browser, baseURL }) => {
  const path = await showOf(page, 'hamlet-in-the-pit', 1);
  const other = await (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();
  await openList(other, path, 'Gallery');
  await openList(page, path, 'Gallery');
  const index = await takeSeat(other, 3);
  await expect(seat(page, index)).toHaveAttribute('data-state', 'held');

  await seat(page, index).press('Enter');
  const side = page.getByRole('complementary');
  await expect(side.getByText(/is held\.$/)).toBeVisible();
  const offer = side.getByRole('button', { name: /^Take \w+ instead$/ });
  const name = /Take (\w+) instead/.exec(await offer.innerText())?.[1] ?? '';
  await offer.click();
  await expect(seatsThatAre(page, 'yours')).toHaveCount(1);
  await expect(page.getByRole('list', { name: 'Your seats' })).toContainText(name);
  expect(await seatsThatAre(page, 'yours').getAttribute('data-seat')).not.toBe(index);
  await expect(offer).toBeHidden();
  await other.context().close();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('two together are held by the form', async ({ page }) => {
    await page.goto(await showOf(page, 'the-cherry-orchard', 2));
    await page.getByRole('button', { name: 'Find seats' }).click();
    await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(2);
    await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();
  });

  test('who comes too late for a seat takes the closest one by the form', async ({ page, browser, baseURL }) => {
    const path = await showOf(page, 'night-train-to-leh');
    const context = await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled: false });
    const other = await context.newPage();
    await page.goto(`${path}?section=balcony`);
    const free = page.getByRole('checkbox', { disabled: false }).nth(4);
    await free.check();
    const index = (await free.getAttribute('value')) ?? '';
    await other.goto(`${path}?section=balcony`);
    await other.locator(`input[value="${index}"]`).check();
    await other.getByRole('button', { name: 'Hold these seats' }).click();
    await expect(other.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();

    await page.getByRole('button', { name: 'Hold these seats' }).click();
    await expect(page.getByRole('alert')).toContainText('Taken a moment ago');
    await page
      .getByRole('alert')
      .getByRole('button', { name: /^Take \w+ instead$/ })
      .click();
    await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(1);
    await context.close();
  });
});
