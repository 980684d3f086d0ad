import { readFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';

/**
 * Megabytes of the browser's one tab, as its own task manager counts them on Linux: what the tab's process has written
 * to, in memory or swapped out. Files it shares with the others are not in it.
 */
export async function tabMemory(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const tabs = await Promise.all(
    processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateMemory(id))
  );
  if (tabs.length === 0) throw new Error('the browser names no process of a tab');
  // One may be kept in reserve, for a tab to come.
  return Math.max(...tabs);
}

async function privateMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('VmSwap')) / 1024;
}
