import type { Page } from '@playwright/test';
import { sound } from './sound.ts';
import { comeSignedIn, expect, ORGANIZER, signIn, test } from './visitor.ts';

/** A venue with a plan of the club; answers its address. */
async function makeVenue(page: Page, name: string): Promise<string> {
  await page.goto('/admin/venues/new');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('City').fill('Weimar');
  await page.getByLabel('Country').fill('DE');
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await page.getByRole('button', { name: 'Create venue' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return page.url();
}

test('an organizer puts a new evening on sale: venue, plan, event and a run of shows', async ({ page }) => {
  const name = `Desk ${Date.now()}`;
  await comeSignedIn(page, ORGANIZER);
  await page.goto('/admin');
  await page.getByRole('navigation', { name: 'Organizer’s desk' }).getByRole('link', { name: 'Venues' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Venues' })).toBeVisible();
  await sound(page, 'venues');
  await makeVenue(page, name);
  await page.getByLabel('Name of the plan').fill('Cellar');
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.getByText('The plan “Cellar” is ready.')).toBeVisible();
  await sound(page, 'venue');

  await page.goto('/admin/events/new');
  await page.getByLabel('Title').fill(`${name} opens`);
  await page.getByLabel('Kind').selectOption('concert');
  await page.getByLabel('Duration in minutes').fill('soon');
  await page.getByRole('button', { name: 'Create event' }).click();
  await expect(page.getByText('Duration in minutes must be a number of minutes')).toBeVisible();
  await expect(page.getByLabel('Duration in minutes')).toBeFocused();
  await expect(page.getByLabel('Title')).toHaveValue(`${name} opens`);
  await page.getByLabel('Duration in minutes').fill('95');
  await page.getByRole('button', { name: 'Create event' }).click();
  await page.getByRole('link', { name: 'New shows' }).click();

  await page.getByRole('combobox', { name: 'Venue and plan' }).click();
  await page.getByRole('combobox', { name: 'Venue and plan' }).fill(name);
  await page.getByRole('option', { name: `${name}: Cellar` }).click();
  await sound(page, 'choosing a plan');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('First day').fill('2031-12-12');
  await page.getByLabel('Last day').fill('2031-12-13');
  await page.getByLabel('Times of day').fill('15:00, 19:30');
  await page.getByLabel('Price of Tables').fill('24.50');
  await page.getByLabel('Price of Gallery').fill('18.505');
  await page.getByLabel('Price of Standing').fill('12');
  await page.getByRole('button', { name: 'Create shows' }).click();
  await expect(page.getByText('Price of Gallery is not an amount of EUR')).toBeVisible();
  await sound(page, 'new shows');
  await page.getByLabel('Price of Gallery').fill('18');
  await page.getByRole('button', { name: 'Create shows' }).click();
  await expect(page.getByRole('link', { name: `${name} opens`, exact: true })).toHaveCount(4);
  await sound(page, 'shows');

  await page.goto(`/?q=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name: new RegExp(`${name} opens`) }).click();
  await expect(page.getByRole('link', { name: /^Choose seats/ })).toHaveCount(4);
  await expect(page.getByText('from €12').first()).toBeVisible();
  await page
    .getByRole('link', { name: /^Choose seats/ })
    .first()
    .click();
  await expect(page.getByText('€24.50').first()).toBeVisible();
});

test('who saves a form that is out of date is told what is there now', async ({ page, context }) => {
  await comeSignedIn(page, ORGANIZER);
  const address = await makeVenue(page, `Stale ${Date.now()}`);
  const other = await context.newPage();
  await other.goto(address);
  await other.getByLabel('City').fill('Jena');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByText('Saved.', { exact: true })).toBeVisible();

  await page.getByLabel('City').fill('Gera');
  await page.getByRole('button', { name: 'Save' }).click();
  const difference = page.getByRole('alert').getByRole('row', { name: /^City/ });
  await expect(difference).toContainText('Jena');
  await expect(difference).toContainText('Gera');
  await expect(page.getByLabel('City')).toHaveValue('Gera');
  await sound(page, 'out of date');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await other.reload();
  await expect(other.getByLabel('City')).toHaveValue('Gera');

  await other.getByLabel('City').fill('Suhl');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByText('Saved.', { exact: true })).toBeVisible();
  await page.getByLabel('City').fill('Ilmenau');
  await page.getByLabel('Address').fill('Market 1');
  await page.getByRole('button', { name: 'Save' }).click();
  await difference.getByRole('button', { name: 'Take theirs' }).click();
  await expect(page.getByLabel('City')).toHaveValue('Suhl');
  await expect(page.getByLabel('Address')).toHaveValue('Market 1');
});

test('what is wrong is said at the field as soon as it is left, and goes when it is mended', async ({ page }) => {
  await comeSignedIn(page, ORGANIZER);
  await page.goto('/admin/venues/new');
  const country = page.getByLabel('Country');
  await country.fill('1');
  await expect(page.getByText('Country must be two letters')).toBeHidden();
  // As soon as the scripts are here: nothing before has waited for them.
  await expect(async () => {
    await country.focus();
    await page.getByLabel('City').click();
    await expect(page.getByText('Country must be two letters, such as DE')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(country).toHaveAttribute('aria-invalid', 'true');
  await expect(country).toHaveAccessibleDescription('Country must be two letters, such as DE');
  await country.fill('DE');
  await expect(page.getByText('Country must be two letters, such as DE')).toBeHidden();
});

test('nothing typed is lost to a dead line, a busy server or an ended session, and leaving asks first', async ({
  page,
  context
}) => {
  await comeSignedIn(page, ORGANIZER);
  await page.goto('/admin/events/new');
  await page.getByLabel('Title').fill('Storm');
  await page.getByLabel('Kind').selectOption('concert');
  const create = page.getByRole('button', { name: 'Create event' });

  await context.setOffline(true);
  await create.click();
  await expect(page.getByText('We cannot be reached.')).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByLabel('Title')).toHaveValue('Storm');

  await page.route('**/admin/events/new', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 503, body: 'busy' }) : route.fallback()
  );
  await create.click();
  await expect(page.getByText('We cannot do this right now.')).toBeVisible();
  await page.unroute('**/admin/events/new');
  await expect(page.getByLabel('Title')).toHaveValue('Storm');

  await context.clearCookies({ name: 'fullhouse_session' });
  await create.click();
  await expect(page.getByRole('link', { name: 'Sign in in a new tab' })).toBeVisible();
  await expect(page.getByLabel('Title')).toHaveValue('Storm');
  await expect(page.getByLabel('Kind')).toHaveValue('concert');

  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.message();
    return dialog.dismiss();
  });
  await page.getByRole('link', { name: 'Venues', exact: true }).click();
  // The question comes after the click: it is put aside until somebody has answered.
  await expect.poll(() => asked).toContain('not saved');
  await expect(page.getByLabel('Title')).toHaveValue('Storm');

  const other = await context.newPage();
  await signIn(other, ORGANIZER);
  let sent = 0;
  await page.route('**/admin/events/new', async (route) => {
    if (route.request().method() === 'POST') sent += 1;
    await new Promise((done) => setTimeout(done, 500));
    await route.fallback();
  });
  await create.dblclick();
  await expect(page.getByRole('heading', { level: 1, name: 'Storm' })).toBeVisible();
  expect(sent, 'a double click sends once').toBe(1);
});

test('deleting asks first, in a dialog that can be left again', async ({ page }) => {
  await comeSignedIn(page, ORGANIZER);
  const name = `Short ${Date.now()}`;
  await makeVenue(page, name);
  const ask = page.getByRole('button', { name: 'Delete this venue …' });
  await ask.click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete this venue?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await sound(page, 'deleting');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ask).toBeFocused();
  await ask.click();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL(/\/admin\/venues$/);
  await page.goto(`/admin/venues?q=${encodeURIComponent(name)}`);
  await expect(page.getByText('No venue fits.')).toBeVisible();
  await expect(page.getByRole('search').first().getByLabel('Search')).toHaveValue('');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });

  test('forms say what is wrong, keep what was typed, save and delete; nothing is wider than a phone', async ({
    page
  }) => {
    await signIn(page, ORGANIZER);
    const name = `Plain ${Date.now()}`;
    await page.goto('/admin/venues/new');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('City').fill('Weimar');
    await page.getByLabel('Country').fill('1x');
    await page.getByLabel('Time zone').selectOption('Europe/Berlin');
    await page.getByRole('button', { name: 'Create venue' }).click();
    await expect(page.getByText('Country must be two letters, such as DE')).toBeVisible();
    await expect(page.getByLabel('Name')).toHaveValue(name);
    await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin');
    await page.getByLabel('Country').fill('DE');
    await page.getByRole('button', { name: 'Create venue' }).click();
    await page.getByLabel('City').fill('Jena');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
    const venue = page.url();
    for (const path of [
      '/admin/venues',
      '/admin/events',
      '/admin/shows',
      '/admin/shows/new',
      '/admin/events/new',
      venue
    ]) {
      await page.goto(path);
      const { right } = await page.locator('main').evaluate((main) => ({ right: main.scrollWidth }));
      expect(right, path).toBeLessThanOrEqual(390);
    }
    await page.getByText('Delete this venue …').click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expect(page).toHaveURL(/\/admin\/venues$/);
    await page.goto(`/admin/venues?q=${encodeURIComponent(name)}`);
    await expect(page.getByText('No venue fits.')).toBeVisible();
  });
});

test('what was filled in before the scripts came stays', async ({ page }) => {
  await signIn(page, ORGANIZER);
  let letThrough: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/_app/**/*.js', async (route) => {
    await waiting;
    await route.continue();
  });
  await page.goto('/admin/venues/new', { waitUntil: 'commit' });
  await page.getByLabel('Name').fill('Early');
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  letThrough();
  await page.waitForLoadState('networkidle');
  // The form checks fields by itself once its scripts are there.
  await page.getByLabel('Country').fill('1');
  await page.getByLabel('City').click();
  await expect(page.getByText('Country must be two letters')).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Early');
  await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin');
});
