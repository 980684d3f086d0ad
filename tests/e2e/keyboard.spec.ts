import { expect, seatsThatAre, openList, showOf, test } from './visitor.ts';

test('a seat is held on the map with the keyboard alone', async ({ page }) => {
  await page.goto(await showOf(page, 'the-cherry-orchard', 1));
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  const map = page.getByRole('application', { name: /^Seat map/ });
  const words = page.locator('[aria-live="polite"]', { hasText: /row/ });
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press('Tab');
    if (await map.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(map).toBeFocused();
  await expect(words).toHaveText(/row .+, seat .+, ₹/);
  for (let n = 0; n < 60 && !(await words.innerText()).endsWith(', available'); n++) {
    const before = await words.innerText();
    await page.keyboard.press(n % 4 === 3 ? 'ArrowDown' : 'ArrowRight');
    await expect(words).not.toHaveText(before);
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();
  await expect(words).toHaveText(/, yours$/);
  await page.keyboard.press('Enter');
  await expect(words).toHaveText(/, available$/);
});

test('a seat is held in the list with the keyboard alone', async ({ page }) => {
  await openList(page, await showOf(page, 'the-cherry-orchard', 2), 'Balcony');
  const seat = seatsThatAre(page, 'available').first();
  const name = (await seat.getAttribute('aria-label')) ?? '';
  expect(name).toMatch(/^Row \w+ seat \d+, available, ₹900$/);
  await seat.focus();
  await page.keyboard.press('Space');
  const pressed = page.getByRole('button', { name: name.replace('available', 'yours'), exact: true });
  await expect(pressed).toHaveAttribute('aria-pressed', 'true');
  await expect(pressed).toBeFocused();
});
