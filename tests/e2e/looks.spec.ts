import type { Browser, Page } from '@playwright/test';
import { DIRECTOR, openHouse, PLAYERS, SPECTATOR } from './looks-house.ts';
import { expect, signIn, test } from './visitor.ts';

/**
 * The main pages as pictures, compared with those in looks/: `npm run test:looks`. What is meant to look different is
 * pictured anew by `npm run test:looks -- --update-snapshots`.
 */
const WIDTHS = [
  { width: 1440, height: 900, hasTouch: false },
  { width: 390, height: 844, hasTouch: true }
];
const THEMES = ['dark', 'light'] as const;

type Who = 'nobody' | 'spectator' | 'director';
const ACCOUNTS = { spectator: SPECTATOR, director: DIRECTOR };
type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>;

let paths: Awaited<ReturnType<typeof openHouse>>;
const signedIn = new Map<Who, State>();

test.beforeAll(async ({ browser, playwright }) => {
  const baseURL = process.env['BASE_URL'] ?? '';
  paths = await openHouse(() => playwright.request.newContext({ baseURL }));
  for (const who of ['spectator', 'director'] as const) {
    const context = await browser.newContext({ baseURL });
    await signIn(await context.newPage(), ACCOUNTS[who]);
    signedIn.set(who, await context.storageState());
    await context.close();
  }
});

const drawn = (page: Page) => expect(page.getByText(/\d+ watching/).first()).toBeVisible();

const PAGES: readonly { name: string; path: () => string; who?: Who; ready?: (page: Page) => Promise<void> }[] = [
  { name: 'home', path: () => `/?q=${encodeURIComponent(PLAYERS)}` },
  { name: 'event', path: () => paths.event },
  { name: 'show', path: () => paths.show, who: 'spectator', ready: drawn },
  { name: 'checkout', path: () => paths.checkout, who: 'spectator' },
  { name: 'booking', path: () => paths.booking, who: 'spectator' },
  { name: 'sign-in', path: () => '/sign-in' },
  { name: 'waiting-room', path: () => paths.room },
  { name: 'design', path: () => '/design#buttons' },
  { name: 'desk', path: () => '/admin', who: 'director' },
  { name: 'control-room', path: () => paths.control, who: 'director', ready: drawn },
  { name: 'error', path: () => '/nowhere' }
];

// One test, so that all that is different is told in one go, and the house is opened once.
test('the main pages look as they did', async ({ browser }) => {
  test.setTimeout(900_000);
  for (const { name, path, who = 'nobody', ready } of PAGES) {
    for (const { width, height, hasTouch } of WIDTHS) {
      for (const theme of THEMES) {
        const storageState = signedIn.get(who);
        const context = await browser.newContext({
          ...{ baseURL: process.env['BASE_URL'] ?? '', viewport: { width, height }, hasTouch, isMobile: hasTouch },
          ...{ colorScheme: theme, reducedMotion: 'reduce', serviceWorkers: 'block' },
          ...{ timezoneId: 'Europe/Berlin', locale: 'en-GB' },
          ...(storageState ? { storageState } : {})
        });
        const page = await context.newPage();
        await page.goto(path());
        await ready?.(page);
        await page.evaluate(() => document.fonts.ready);
        await expect.soft(page).toHaveScreenshot(`${name}-${width}-${theme}.png`, { timeout: 60_000 });
        await context.close();
      }
    }
  }
});
