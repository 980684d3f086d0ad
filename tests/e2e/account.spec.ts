import type { Browser, Page } from '@playwright/test';
import { sound } from './sound.ts';
import { expect, showOf, signIn, test } from './visitor.ts';

const PASSWORD = 'a long enough password';
const freshEmail = () => `ada-${Math.random().toString(36).slice(2)}@account.example`;

async function signUp(page: Page): Promise<string> {
  const email = freshEmail();
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page).not.toHaveURL(/sign-up/);
  return email;
}

/** The path that the mail to the address links to, as its reader would open it. */
async function linkIn(page: Page, to: string, subject: string): Promise<string> {
  let path = '';
  await expect(async () => {
    // A mail that is not there yet is in a later look: waiting on this page would be waiting for ever.
    await page.goto('/dev/mail');
    await page
      .getByRole('link', { name: new RegExp(`${subject}.*${to}`) })
      .first()
      .click({ timeout: 2000 });
    await expect(page.getByRole('heading', { level: 2, name: subject })).toBeVisible();
    const text = (await page.locator('pre').textContent()) ?? '';
    path = /https?:\/\/[^/\s]+(\/\S+\?token=[\w.-]+)/.exec(text)?.[1] ?? '';
    expect(path).not.toBe('');
  }).toPass();
  return path;
}

const someoneElse = async (browser: Browser, baseURL: string | undefined) =>
  (await browser.newContext({ baseURL: baseURL ?? '' })).newPage();

for (const scripts of [true, false]) {
  test.describe(scripts ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled: scripts });

    test('a forgotten password is replaced by mail', async ({ page, browser, baseURL }) => {
      const email = await signUp(await someoneElse(browser, baseURL));
      await page.goto('/sign-in');
      await page.getByRole('link', { name: 'Forgot your password?' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Forgot your password?' })).toBeVisible();
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await expect(page.getByText(`If there is an account for ${email}`)).toBeVisible();

      const path = await linkIn(page, email, 'Choose a new password');
      const opened = await page.goto(path);
      expect(opened?.headers()['referrer-policy']).toBe('same-origin');
      await page.getByLabel('New password').fill('another long password');
      await page.getByRole('button', { name: 'Use this password' }).click();
      await expect(page.getByText('Your password is changed')).toBeVisible();
      await signIn(page, { email, password: 'another long password' });
      await page.goto('/account');
      await expect(page.getByText(`Now it is ${email}.`)).toBeVisible();

      await page.goto(path);
      await page.getByLabel('New password').fill('a third long password');
      await page.getByRole('button', { name: 'Use this password' }).click();
      await expect(page.getByText('This link was used already or is too old.')).toBeVisible();
      await expect(page.getByRole('link', { name: 'Ask for a new one' })).toBeVisible();
    });

    test('an e-mail address changes when its new mailbox says so, by one click', async ({ page }) => {
      const old = await signUp(page);
      const email = freshEmail();
      await page.goto('/account');
      await page.getByLabel('New e-mail address').fill(email);
      const mail = page.getByRole('region', { name: 'E-mail address' });
      await mail.getByLabel('Your password').fill('not my password');
      await mail.getByRole('button', { name: 'Send the link' }).click();
      await expect(mail.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
      await expect(page.getByLabel('New e-mail address')).toHaveValue(email);
      await mail.getByLabel('Your password').fill(PASSWORD);
      await mail.getByRole('button', { name: 'Send the link' }).click();
      await expect(page.getByText(`We have sent a link to ${email}.`)).toBeVisible();

      await page.goto(await linkIn(page, email, 'Confirm your new e-mail address'));
      await expect(page.getByRole('button', { name: 'Use this address' })).toBeVisible();
      const other = await page.context().newPage();
      await other.goto('/account');
      await expect(other.getByText(`Now it is ${old}.`), 'opening the link changes nothing').toBeVisible();
      await page.getByRole('button', { name: 'Use this address' }).click();
      await expect(page.getByText(`Your account now uses ${email}.`)).toBeVisible();
    });

    test('an account is deleted with its password, and no one can sign in to it', async ({ page }) => {
      const email = await signUp(page);
      await page.goto('/account');
      const section = page.getByRole('region', { name: 'Delete your account' });
      await section.getByLabel('Your password').fill('not my password');
      await section.getByRole('button', { name: 'Delete my account for good' }).click();
      await expect(section.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
      await section.getByLabel('Your password').fill(PASSWORD);
      await section.getByRole('button', { name: 'Delete my account for good' }).click();
      await expect(page.getByText('Your account is deleted.')).toBeVisible();
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByText('do not fit together')).toBeVisible();
    });
  });
}

test('a name and a password are changed; other places are signed out', async ({ page, browser, baseURL }) => {
  const email = await signUp(page);
  const other = await someoneElse(browser, baseURL);
  await signIn(other, { email, password: PASSWORD });
  await page.goto('/account');
  await page.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  await expect(page.getByLabel('Account of Grace Hopper')).toBeVisible();

  await page.getByLabel('Your password until now').fill(PASSWORD);
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('New password must have at least 8 characters')).toBeVisible();
  await page.getByLabel('New password').fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Your password is changed')).toBeVisible();
  await expect(page.getByLabel('New password')).toHaveValue('');
  await other.goto('/bookings');
  await expect(other).toHaveURL(/sign-in/);
});

test('signing out everywhere closes the sockets of other browsers, and a place can be ended alone', async ({
  page,
  browser,
  baseURL
}) => {
  const email = await signUp(page);
  const [other, third] = [await someoneElse(browser, baseURL), await someoneElse(browser, baseURL)];
  await signIn(other, { email, password: PASSWORD });
  await signIn(third, { email, password: PASSWORD });

  await page.goto('/account');
  const places = page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  await expect(places).toHaveCount(3);
  // The newest first: the third browser.
  await places
    .first()
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await expect(places).toHaveCount(2);
  await third.goto('/bookings');
  await expect(third).toHaveURL(/sign-in/);

  const show = await showOf(other, 'night-train-to-leh');
  const socket = other.waitForEvent('websocket', (one) => one.url().includes('socket.io'));
  await other.goto(show);
  await expect(other.getByText(/\d+ watching/)).toBeVisible();
  const closed = (await socket).waitForEvent('close');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByText('You are signed out everywhere.')).toBeVisible();
  await closed;
  await other.goto('/bookings');
  await expect(other).toHaveURL(/sign-in/);
});

test('one takes one’s data along', async ({ page }) => {
  const email = await signUp(page);
  await page.goto('/account');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download your data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('fullhouse-account.json');
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(Buffer.from(chunk));
  expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ account: { email } });
});

test('the account pages are accessible and fit a phone', async ({ page }) => {
  await signUp(page);
  for (const path of [
    ...['/account', '/forgot-password', '/reset-password', '/reset-password?token=x'],
    ...['/confirm-email', '/confirm-email?token=x', '/confirm-email?done']
  ]) {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await sound(page, path);
  }
});
