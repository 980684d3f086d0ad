import { sound } from './sound.ts';
import { CUSTOMER, expect, openList, ORGANIZER, showOf, signIn, takeSeat, test } from './visitor.ts';

test('the pages of a visitor are accessible', async ({ page }) => {
  for (const path of ['/', '/?q=no-such-thing', '/sign-in', '/sign-up', '/nowhere', '/dev/mail', '/design']) {
    await page.goto(path);
    // The mail itself has no scripts, and axe would wait for its own inside for ever.
    await page.locator('iframe').evaluateAll((frames) => frames.forEach((frame) => frame.remove()));
    await sound(page, path);
  }
  const show = await showOf(page, 'night-train-to-leh');
  await sound(page, 'event');
  await openList(page, show, 'Stalls');
  await sound(page, 'show');
});

test('the way from a seat to the ticket is accessible', async ({ page }, { project }) => {
  await signIn(page, CUSTOMER);
  const path = await showOf(page, 'night-train-to-leh', project.name === 'phone' ? 1 : 0);
  await openList(page, path, project.name === 'phone' ? 'Circle' : 'Balcony');
  await takeSeat(page);
  await sound(page, 'show with a hold');
  await page.getByRole('link', { name: 'Continue to checkout' }).click();
  await expect(page.getByRole('heading', { name: 'Checkout' })).toBeVisible();
  await sound(page, 'checkout');
  await page.getByRole('button', { name: /^Pay / }).click();
  await expect(page.getByRole('button', { name: 'Decline' })).toBeVisible();
  await sound(page, 'payment');
  await page.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await sound(page, 'failed booking');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Success' }).click();
  await expect(page.getByRole('heading', { name: 'See you there' })).toBeVisible();
  await sound(page, 'confirmation');
  await page.goto('/bookings');
  await sound(page, 'bookings');
});

test('the organizer’s pages are accessible', async ({ page }) => {
  await signIn(page, ORGANIZER);
  await page.goto('/admin');
  await sound(page, 'desk');
  await page.getByRole('link', { name: 'Hamlet' }).first().click();
  await expect(page.getByRole('button', { name: 'Send notice' })).toBeVisible();
  await sound(page, 'control room');
});

test('a map for other sites is accessible, and so is the page that says which', async ({ page }) => {
  const path = await showOf(page, 'night-train-to-leh');
  // What stands in the frame; without one it is a page as well.
  await page.goto(`/embed${path}`);
  await expect(page.getByText(/\d+ watching/)).toBeVisible();
  await sound(page, 'map for other sites');
  await page.getByText('Choose from a list').click();
  await sound(page, 'map for other sites with its list');
  await signIn(page, ORGANIZER);
  await page.goto('/admin/shows/embed');
  await sound(page, 'sites that may show maps');
  await page.getByPlaceholder('https://www.theatre.example').fill('not a site');
  await page.getByRole('button', { name: 'Let it show seat maps' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toBeVisible();
  await sound(page, 'sites that may show maps, with an error');
});

test('the lists and forms of the desk are accessible', async ({ page }) => {
  await signIn(page, ORGANIZER);
  const nameOf = (path: string) => page.goto(path).then(() => page.locator('tbody a').first().getAttribute('href'));
  const venue = (await nameOf('/admin/venues')) ?? '';
  await sound(page, 'venues');
  await page
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeVisible();
  await sound(page, 'venues with a menu');
  const event = (await nameOf('/admin/events')) ?? '';
  await sound(page, 'events');
  const show = (await nameOf('/admin/shows')) ?? '';
  await sound(page, 'shows');
  const id = (path: string) => path.split('/').at(-1) ?? '';
  for (const path of [
    ...['/admin/venues?q=no-such-thing', '/admin/events?q=no-such-thing', '/admin/shows?q=no-such-thing'],
    ...['/admin/venues/new', `/admin/venues/new?copy=${id(venue)}`, venue],
    ...['/admin/events/new', `/admin/events/new?copy=${id(event)}`, event],
    ...['/admin/plans', '/admin/plans/new', '/admin/plans/import', '/admin/tokens', '/admin/webhooks'],
    ...['/admin/shows/new', `/admin/shows/new?copy=${id(show)}`, `${show}/edit`, `${show}/plan`]
  ]) {
    await page.goto(path);
    await sound(page, path);
  }
  await page.goto('/admin/webhooks');
  await page.getByLabel('Name').fill('Screen in the lobby');
  await page.getByLabel('Address').fill('https://hooks.example/fullhouse');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByRole('link', { name: 'Screen in the lobby' }).click();
  await expect(page.getByRole('heading', { name: 'Screen in the lobby' })).toBeVisible();
  await sound(page, 'one webhook');
  await page.goto('/admin/venues/new');
  await page.getByLabel('Name').fill('Nowhere');
  await page.getByLabel('City').fill('Weimar');
  await page.getByLabel('Country').fill('1x');
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await page.getByRole('button', { name: 'Create venue' }).click();
  await expect(page.getByLabel('Country')).toBeFocused();
  await sound(page, 'a form with an error');
});
