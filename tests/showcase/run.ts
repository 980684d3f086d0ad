import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { findChromium } from '../e2e/chromium.ts';
import { CHROMIUM_FLAGS } from '../e2e/chromium-flags.ts';
import { writeFilm, writeStill } from './encode.ts';
import { recordSale } from './film.ts';
import { startStack, type Stack } from './stack.ts';

/**
 * `npm run pictures`: the pictures of the README, made from the product as it is: a stack of its own, simulated buyers who
 * really buy, and a browser that looks. Run it again when the pages look different.
 */
const OUT = resolve('.readme');
const WIDE = { width: 1440, height: 900 };
const say = (line: string) => console.error(`• ${line}`);
type Theme = 'dark' | 'light';

const closers: (() => Promise<unknown>)[] = [];
const closeAll = async () => {
  for (const close of closers.splice(0).reverse()) await close().catch((error: unknown) => say(String(error)));
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(event, () => void closeAll().finally(() => process.exit(1)));

async function open(
  browser: Browser,
  stack: Stack,
  path: string,
  given: { theme: Theme; token?: string } & BrowserContextOptions
): Promise<Page> {
  const { theme, token, ...options } = given;
  const context = await browser.newContext({ viewport: WIDE, baseURL: stack.url, locale: 'en-GB', ...options });
  const cookie = (name: string, value: string) => ({ name, value, url: stack.url });
  await context.addCookies([cookie('fullhouse_theme', theme), ...(token ? [cookie('fullhouse_session', token)] : [])]);
  const page = await context.newPage();
  await page.goto(path);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

/** A show that is half sold, with seats of one's own and the time that is left for them. */
async function showPage(browser: Browser, stack: Stack, theme: Theme, phone = false): Promise<Buffer> {
  const page = await open(browser, stack, `/shows/${stack.halfSold}`, {
    theme,
    ...(phone ? { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } : {})
  });
  await page.getByText(/\d+ watching/).waitFor();
  const sheet = page.getByRole('button', { name: 'Seats and list' });
  if (phone) await sheet.click();
  await page.getByLabel('How many seats').selectOption(phone ? '2' : '3');
  await page.getByRole('button', { name: 'Find seats' }).click();
  await page.getByRole('timer').waitFor();
  // The map is what there is to see: on a phone the sheet goes down again.
  if (phone) await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Show the whole house' }).click();
  await page.mouse.move(0, 0);
  return settledShot(page);
}

/** The map glides, and letters fade in. */
const STILL_MS = 1500;
async function settledShot(page: Page): Promise<Buffer> {
  await page.waitForTimeout(STILL_MS);
  const shot = await page.screenshot({ type: 'png' });
  await page.context().close();
  return shot;
}

async function editor(browser: Browser, stack: Stack): Promise<Buffer> {
  const path = `/admin/plans/${stack.planId}`;
  const page = await open(browser, stack, path, { theme: 'dark', token: stack.organizerToken });
  // What is published is not drawn upon; its next version is.
  await page.getByRole('button', { name: 'Draw the next version' }).click();
  await page.locator('canvas').first().waitFor();
  return settledShot(page);
}

try {
  await mkdir(OUT, { recursive: true });
  const executablePath = await findChromium(say);
  say('Starting a stack of its own …');
  const stack = await startStack(say);
  closers.push(() => stack.stop());
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  closers.push(() => browser.close());
  const to = (name: string) => join(OUT, `${name}.webp`);

  say('Taking pictures …');
  for (const theme of ['dark', 'light'] as const)
    say(await writeStill(to(`show-${theme}`), await showPage(browser, stack, theme)));
  for (const theme of ['dark', 'light'] as const)
    say(await writeStill(to(`phone-${theme}`), await showPage(browser, stack, theme, true)));
  say(await writeStill(to('editor'), await editor(browser, stack)));

  say('Recording a sale …');
  const token = stack.organizerToken;
  const control = await open(browser, stack, `/admin/shows/${stack.newShow}`, { theme: 'dark', token });
  const seats = await open(browser, stack, `/shows/${stack.newShow}`, {
    theme: 'dark',
    viewport: { width: 1360, height: 850 }
  });
  await seats.getByText(/\d+ watching/).waitFor();
  const { frames, half } = await recordSale(stack, seats, () => control.screenshot({ type: 'png' }), say);
  if (half) say(await writeStill(to('control-room'), half));
  say(await writeFilm(to('sale'), frames));
  await closeAll();
  process.exit(0);
} catch (error) {
  console.error(error);
  await closeAll();
  process.exit(1);
}
