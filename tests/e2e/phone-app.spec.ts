import { ownShow } from './own-show.ts';
import { findTogether, newCustomer, openShow, pay } from './phone.ts';
import { expect, test } from './visitor.ts';

test('the site installs as an app', async ({ page, baseURL, request }) => {
  await page.goto('/');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const devtools = await page.context().newCDPSession(page);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data ?? '') as {
    icons: { src: string; sizes: string; purpose?: string }[];
    shortcuts: { name: string; url: string }[];
  };
  expect(manifest).toMatchObject({ name: 'Fullhouse', start_url: '/', display: 'standalone' });
  expect(manifest.shortcuts).toMatchObject([{ name: 'My bookings', url: '/bookings' }]);
  expect(manifest.icons.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes } of manifest.icons.filter(({ sizes }) => sizes !== 'any')) {
    const icon = await request.get(`${baseURL}${src}`);
    // A PNG says how wide it is in its bytes 16 to 19.
    expect((await icon.body()).readUInt32BE(16), src).toBe(Number(sizes.split('x')[0]));
  }
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // A browser of tests is always a private one, in which nothing is installed.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

test('the browser’s bars have the colour of the theme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/');
  const bars = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')]
        .filter(({ media }) => matchMedia(media).matches)
        .map(({ content }) => content)
    );
  expect(await bars()).toEqual(['#0d0c11']);
  await page.getByRole('button', { name: 'Switch between light and dark' }).tap();
  await expect.poll(bars).toEqual(['#f7f4ef']);
});

test('nothing that is live or somebody’s own is kept, but tickets', async ({ page, request }) => {
  const broken: string[] = [];
  page.on('console', (line) => line.text().includes('Content Security Policy') && broken.push(line.text()));
  const { show } = await ownShow(request, `Kept ${Date.now()}`);
  await page.goto('/');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await newCustomer(page, 'Kim Kept');
  await openShow(page, `/shows/${show}`);
  await findTogether(page, 2);
  const booking = await pay(page);
  await expect(page.getByText('Kept on this phone')).toBeVisible();
  const kept = await page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    }
    return paths;
  });
  expect(kept.filter((path) => path.startsWith('/_app/immutable/')).length).toBeGreaterThan(5);
  expect(kept.filter((path) => !path.startsWith('/_app/immutable/'))).toEqual([
    booking.replace('/bookings/', '/kept-bookings/')
  ]);
  expect(broken).toEqual([]);
});
