import type { Locator, Page } from '@playwright/test';
import { readerOf } from './reader.ts';
import { CUSTOMER, expect, showOf, test } from './visitor.ts';

/** Every key that was pressed, in words: attached to the report as the record of the purchase. */
class Keys {
  readonly pressed: string[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(key: string) {
    this.pressed.push(key);
    await this.#page.keyboard.press(key);
  }

  async type(text: string) {
    this.pressed.push(`“${text}”`);
    await this.#page.keyboard.type(text);
  }

  /** With the Tab key, as often as it takes. */
  async tabTo(what: Locator) {
    await expect(what).toBeVisible();
    for (let n = 0; n < 80; n++) {
      if (await what.evaluate((element) => element === document.activeElement)) return;
      await this.press('Tab');
    }
    throw new Error('the Tab key does not come there');
  }
}

/** Counts what only a mouse or a finger could have done. */
async function watchForPointers(page: Page): Promise<() => Promise<number>> {
  let count = 0;
  await page.exposeFunction('pointerUsed', () => count++);
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => (Reflect.get(globalThis, 'pointerUsed') as () => void)(), true);
  });
  return () => Promise.resolve(count);
}

test('tickets are bought on the map of a stadium with the keyboard alone', async ({ page }, info) => {
  const path = await showOf(page, 'city-v-united');
  const pointers = await watchForPointers(page);
  const keys = new Keys(page);
  await page.goto(path);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();

  const words = page.locator('[aria-live="polite"]', { hasText: /, row / });
  await keys.tabTo(page.getByRole('application', { name: /^Seat map/ }));
  await expect(words).toHaveText(/^Row \w+: (\d+|none) left\. .+, row \w+, seat \d+, ₹/);
  await keys.press('PageDown');
  await keys.press('End');
  for (let n = 0; n < 60 && !(await words.innerText()).endsWith(', available'); n++) {
    const before = await words.innerText();
    await keys.press(n % 6 === 5 ? 'ArrowDown' : 'ArrowLeft');
    await expect(words).not.toHaveText(before);
  }
  const seat = /, row (\w+), seat (\d+),/.exec(await words.innerText());
  await keys.press('Enter');
  await expect(words).toHaveText(/, yours$/);
  const said = page.locator('[role="status"].sr');
  await expect(said).toHaveText(`${seat?.[1]}${seat?.[2]} held for you.`);

  await page.waitForTimeout(1500);
  await keys.press('t');
  await expect(said).toHaveText(/^More time: (10 minutes|9 minutes \d+ seconds) left\.$/);

  await keys.tabTo(page.getByRole('link', { name: 'Continue to checkout' }));
  await keys.press('Enter');
  await keys.tabTo(page.getByLabel('E-mail'));
  await keys.type(CUSTOMER.email);
  await keys.tabTo(page.getByLabel('Password'));
  await keys.type(CUSTOMER.password);
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await keys.tabTo(page.getByRole('button', { name: /^Pay / }));
  await keys.press('Enter');
  await keys.tabTo(page.getByRole('button', { name: 'Success' }));
  await keys.press('Enter');
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^QR code of the ticket/ })).toHaveCount(1);
  expect(await pointers()).toBe(0);
  await info.attach('keys', { body: keys.pressed.join(' '), contentType: 'text/plain' });
});

test('tickets are bought by what a screen reader is told, and nothing else', async ({ page }) => {
  const path = await showOf(page, 'city-v-united');
  await page.goto(path);
  const reader = await readerOf(page);
  const map = await reader.goTo('application', /^Seat map\. Arrow keys/);
  expect(map.description).toContain('T asks for more time');

  await reader.goTo('DisclosureTriangle', /^Choose from a list/);
  await page.keyboard.press('Enter');
  await reader.goTo('combobox', /^Section$/);
  await page.keyboard.type('Club 207');
  const rows = await reader.goTo('combobox', /^Row$/);
  expect(rows.role).toBe('combobox');
  expect(await reader.find('option', /^Row C: (\d+|none) left$/)).not.toBeNull();
  await page.keyboard.type('Row C');

  const free = await reader.goTo('button', /^Row C seat \d+, available, ₹/);
  await page.keyboard.press('Space');
  const [, number] = /seat (\d+)/.exec(free.name) ?? [];
  await reader.hears(new RegExp(`^C${number} held for you\\.$`));
  const mine = await reader.goTo('button', new RegExp(`^Row C seat ${number}, yours`));
  expect(mine.states['pressed']).toBe('true');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':focus')).toHaveAttribute('aria-label', new RegExp(`^Row C seat ${Number(number) + 1},`));
  expect(await reader.find('timer', /^Time left$/)).not.toBeNull();
  await expect(page.getByRole('complementary', { name: 'Your seats' })).toMatchAriaSnapshot(`
    - timer "Time left"
    - list "Your seats":
      - listitem: /Club 207, row C, seat \\d+/
    - link "Continue to checkout"
  `);

  await reader.goTo('link', /^Continue to checkout$/);
  await page.keyboard.press('Enter');
  await reader.goTo('textbox', /^E-mail$/);
  await page.keyboard.type(CUSTOMER.email);
  await reader.goTo('textbox', /^Password$/);
  await page.keyboard.type(CUSTOMER.password);
  await page.keyboard.press('Enter');
  await reader.goTo('button', /^Pay /);
  await page.keyboard.press('Enter');
  await reader.goTo('button', /^Success$/);
  await page.keyboard.press('Enter');
  await reader.hears(/^See you there$/);
  expect(await reader.find('image', /^QR code of the ticket/)).not.toBeNull();
});
