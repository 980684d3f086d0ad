import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { runLoad } from '../../server/rehearsal/buyers/run-load.ts';
import type { Stack } from './stack.ts';

/** A sale from the first seat to the last, as somebody sees it who buys two of them. */
const BUYERS = 60;
const ACCOUNTS = 80;
/** Longer than the house lasts: it ends with the last seat, not with the clock. */
const SALE_MS = 180_000;
const EVERY_MS = 400;
const FRAMES = 96;
/** Of the frames of the sale: when the one who watches asks for seats, and looks at the whole house again. */
const ASKS_AT = 0.16;
const LOOKS_UP_AT = 0.42;
/** Seats left in people's hands are not waited for. */
const FULL = 0.985;

export interface Recorded {
  frames: Buffer[];
  /** What `atHalf` answered when the house was half full. */
  half: Buffer | null;
}

export async function recordSale(
  stack: Stack,
  page: Page,
  atHalf: () => Promise<Buffer>,
  say: (line: string) => void
): Promise<Recorded> {
  const over = new AbortController();
  let ended = false;
  const out = join(tmpdir(), `fullhouse-showcase-${process.pid}`);
  const sale = runLoad(
    stack.url,
    stack.newShow,
    {
      ...{ buyers: BUYERS, durationMs: SALE_MS, thinkMs: 3000, seed: '1' },
      arrival: 'ramp',
      mix: { picker: 3, best: 1, group: 3, abandoner: 0, double: 0, late: 0, reconnecter: 0, watcher: 0, bot: 0 },
      ...{ processes: 1, accounts: ACCOUNTS, bookShare: 0.92, out }
    },
    { say, second: () => undefined, auditor: null, signal: over.signal }
  )
    .catch(() => null)
    .finally(() => (ended = true));
  const shots: { shot: Buffer; sold: number }[] = [];
  let half: Buffer | null = null;
  let [asked, lookedUp] = [false, false];
  for (let sold = 0; sold < FULL && !ended;) {
    const due = performance.now() + EVERY_MS;
    sold = await soldShare(stack);
    // The first seat goes: whoever comes now has the clock of now, and no minutes of warming up behind them.
    if (shots.length > 0 && shots.every((one) => one.sold === 0) && sold > 0) await comeBack(page);
    shots.push({ shot: await page.screenshot({ type: 'png' }), sold });
    if (!asked && sold > ASKS_AT) {
      asked = true;
      await page.getByRole('button', { name: 'Find seats' }).click();
    }
    if (!lookedUp && sold > LOOKS_UP_AT) {
      lookedUp = true;
      await page.getByRole('button', { name: 'Show the whole house' }).click();
      await page.mouse.move(0, 0);
    }
    if (half === null && sold > 0.6) half = await atHalf();
    await pause(Math.max(0, due - performance.now()));
  }
  over.abort();
  await sale;
  // Nothing to see before the first seat goes.
  const first = Math.max(0, shots.findIndex(({ sold }) => sold > 0) - 3);
  const shown = shots.slice(first);
  const step = Math.max(1, shown.length / FRAMES);
  const frames = Array.from({ length: Math.min(FRAMES, shown.length) }, (_, n) => shown[Math.floor(n * step)]?.shot);
  return { frames: [...frames.filter((shot) => shot !== undefined), ...shots.slice(-1).map(({ shot }) => shot)], half };
}

async function comeBack(page: Page): Promise<void> {
  await page.reload();
  await page.getByText(/\d+ watching/).waitFor();
}

/** Held or booked, of all. */
async function soldShare({ url, newShow }: Stack): Promise<number> {
  const answer = await fetch(`${url}/api/v1/shows/${newShow}`);
  const { available, capacity } = (await answer.json()) as { available: number; capacity: number };
  return 1 - available / capacity;
}
