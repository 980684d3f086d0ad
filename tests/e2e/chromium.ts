import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';

const run = promisify(execFile);
const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real browser: CHROMIUM_PATH, the system's, Playwright's own, or Debian's, installed here where that is possible. */
export async function findChromium(say: (line: string) => void): Promise<string> {
  const given = process.env['CHROMIUM_PATH'];
  const found = [given, ...USUAL, chromium.executablePath()].find((path) => path && existsSync(path));
  if (found) return found;
  const help = 'The browser tests need Chromium: install it, or set CHROMIUM_PATH to one.';
  if (process.getuid?.() !== 0) throw new Error(help);
  say('No Chromium on this machine: installing Debian’s …');
  try {
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024
    });
  } catch (error) {
    throw new Error(help, { cause: error });
  }
  const installed = USUAL.find((path) => existsSync(path));
  if (!installed) throw new Error(help);
  return installed;
}
