import type { Page } from '@playwright/test';
import { CUSTOMER, expect, ORGANIZER, seat, seatsThatAre, showOf, signIn, test } from './visitor.ts';

const html = (page: Page) => page.locator('html');

test('who chooses a language in the footer stays on the page, and has it from then on', async ({ page }) => {
  await page.goto('/?kind=concert');
  await page.getByRole('contentinfo').getByRole('button', { name: 'Deutsch' }).click();
  await expect(page).toHaveURL('/?kind=concert');
  await expect(html(page)).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    'Wählen Sie Ihren Platz, während sich der Saal füllt.'
  );
  await expect(page.getByRole('button', { name: 'Deutsch' })).toHaveAttribute('aria-current', 'true');
  await page.goto('/events/stardust-70mm');
  await expect(page.getByRole('heading', { name: 'Vorstellung wählen' })).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { name: 'Choose a show' })).toBeVisible();
});

test('somebody who reads German buys a ticket by what they read', async ({ page }) => {
  const path = await showOf(page, 'stardust-70mm');
  await page.goto(path);
  await page.getByRole('button', { name: 'Deutsch' }).click();
  await expect(page).toHaveURL(path);
  await expect(page.getByText(/\d+ (sieht|sehen) zu/)).toBeVisible();
  await page.getByText('Aus einer Liste wählen').click();
  await page.getByLabel('Bereich').selectOption({ label: 'Tables' });
  const index = (await seatsThatAre(page, 'available').first().getAttribute('data-seat')) ?? '';
  await seat(page, index).click();
  await expect(seat(page, index)).toHaveAccessibleName(/, Ihr Platz, \d+\s€$/);
  await page.getByRole('link', { name: 'Weiter zur Kasse' }).click();
  await page.getByLabel('E-Mail').fill(CUSTOMER.email);
  await page.getByLabel('Passwort').fill(CUSTOMER.password);
  await page.locator('main').getByRole('button', { name: 'Anmelden' }).click();
  await expect(page.getByRole('heading', { name: 'Kasse' })).toBeVisible();
  await page.getByRole('button', { name: /\d+\s€ bezahlen$/ }).click();
  await page.getByRole('button', { name: 'Erfolg' }).click();
  await expect(page.getByRole('heading', { name: 'Bis bald im Saal' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^QR-Code der Karte für/ })).toHaveCount(1);
});

test('a page in Hindi says that it is, and counts and dates as Hindi does', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'हिन्दी' }).click();
  await expect(html(page)).toHaveAttribute('lang', 'hi');
  await expect(html(page)).toHaveAttribute('dir', 'ltr');
  await page.goto('/events/stardust-70mm');
  const month = new Intl.DateTimeFormat('hi-IN', { month: 'long' });
  const months = Array.from({ length: 12 }, (_, n) => month.format(new Date(Date.UTC(2026, n, 15))));
  const title = (await page.getByRole('heading', { level: 3 }).first().textContent()) ?? '';
  expect(
    months.some((name) => title.includes(name)),
    title
  ).toBe(true);
  await expect(page.getByRole('link', { name: /^सीटें चुनें/ }).first()).toBeVisible();
});

test('a refusal is said in the language of the page', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByLabel('Correo electrónico').fill('nobody@example.com');
  await page.getByLabel('Contraseña').fill('wrong');
  await page.locator('main').getByRole('button', { name: 'Iniciar sesión' }).click();
  await expect(page.getByRole('alert')).toContainText('Esa dirección de correo y esa contraseña no coinciden.');
});

test('the desk and the door speak the language that was chosen, and say no in it', async ({ page }) => {
  const path = await showOf(page, 'hamlet-in-the-pit', 1);
  await signIn(page, ORGANIZER);
  // By the cookie alone: whoever chooses while signed in chooses for the account, which other tests sign in to as well.
  await page.context().addCookies([{ name: 'fullhouse_language', value: 'de', url: page.url() }]);
  await page.goto('/admin/shows');
  await expect(html(page)).toHaveAttribute('lang', 'de');
  const choice = page.getByRole('contentinfo').getByRole('button', { name: 'Deutsch' });
  await expect(choice).toHaveAttribute('aria-current', 'true');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vorstellungen');
  const menu = page.getByRole('navigation', { name: 'Verwaltung des Veranstalters' });
  await menu.getByRole('link', { name: 'Buchungen' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Buchungen');

  await page.goto(path.replace('/shows/', '/admin/shows/'));
  await expect(page.getByRole('button', { name: 'Tasten' })).toBeVisible();
  await page.getByLabel('Plätze', { exact: true }).fill('Tables Q 900');
  await page.getByRole('textbox', { name: 'Grund', exact: true }).fill('Kaputter Stuhl');
  await page.getByRole('button', { name: 'Sperren' }).click();
  await expect(page.getByText('Plätze sind uns nicht bekannt: Tables Q 900')).toBeVisible();

  await page.goto('/admin/audit');
  await page.getByLabel('Aktion', { exact: true }).selectOption('geändert');
  await page.locator('main form').getByRole('button').first().click();
  await expect(page).toHaveURL(/action=update/);

  await page.goto(path.replace('/shows/', '/check-in/'));
  await expect(page.getByText(/für die Zeit ohne Netz gespeichert/)).toBeVisible();
  await page.getByLabel('Code des Tickets').fill('FH1.nonsense');
  await page.getByRole('button', { name: 'Prüfen' }).click();
  const answer = page.getByRole('region', { name: 'Antwort' });
  await expect(answer).toContainText('Ungültig');
  await expect(answer).toContainText('Das ist keines unserer Tickets.');
});

test.describe('a newcomer', () => {
  test.use({ locale: 'es-MX' });
  test('is spoken to as their browser asks, and nobody else is given that page', async ({ page, request }) => {
    const answer = await page.goto('/');
    expect(answer?.headers()['vary']).toMatch(/accept-language.*cookie/i);
    await expect(html(page)).toHaveAttribute('lang', 'es');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Elija su butaca mientras se llena la sala.');
    const inEnglish = await request.get('/', { headers: { 'accept-language': 'fr' } });
    expect(await inEnglish.text()).toContain('<html lang="en" dir="ltr"');
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('a language can be chosen too', async ({ page }) => {
    await page.goto('/events/stardust-70mm');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await expect(page).toHaveURL(/\/events\/stardust-70mm$/);
    await expect(html(page)).toHaveAttribute('lang', 'de');
    await expect(page.getByRole('link', { name: /^Plätze wählen/ }).first()).toBeVisible();
  });
});

test('a language that is read from right to left makes no page wider than a phone', async ({ page }) => {
  const path = await showOf(page, 'stardust-70mm');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const place of ['/', '/events/stardust-70mm', path]) {
    await page.goto(place);
    await page.evaluate(() => {
      document.documentElement.dir = 'rtl';
    });
    // In this direction what is too wide goes out on the left.
    const wide = await page.evaluate(() => {
      scrollTo(-500, 0);
      return { moved: scrollX, wider: document.documentElement.scrollWidth - document.documentElement.clientWidth };
    });
    expect(wide, place).toEqual({ moved: 0, wider: 0 });
  }
});
