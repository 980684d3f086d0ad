import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import { generatePlan } from '../../src/lib/domain/generate-plan.ts';
import { startChild } from '../../server/child.ts';
import { loadConfig } from '../../server/config.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { findChromium } from '../e2e/chromium.ts';
import { CHROMIUM_FLAGS } from '../e2e/chromium-flags.ts';
import { must, openHouse } from '../integration/house.ts';
import { makeShow } from '../integration/shows.ts';
import { sleep, type Bench, type Round } from './bench.ts';
import { tabMemory } from './browser-memory.ts';
import { percentile } from './figures.ts';
import { stirrer } from './hall.ts';
import { readFrames, recordFrames } from './page-frames.ts';
import type { SiteApi } from './processes/site.ts';

const SEATS = 100_000;
const CHANGES_A_SECOND = 500;
const SECONDS = 8;
const WINDOW = { width: 1440, height: 900 };
/** 60 frames a second. */
const FRAME_MS = 16.7;
const FIRST_SEAT_MS = 1000;
const TAB_MB = 150;
/** A window that opens, and one that closes, keep both cores busy for a second: that is the browser’s, not the page’s. */
const SETTLED_MS = 2000;

export const map: Bench = {
  name: 'map',
  what:
    `the show page with a map of ${SEATS.toLocaleString('en')} seats in a Chromium without a GPU, panned and zoomed with ` +
    `${CHANGES_A_SECOND} changes/s over the socket: time between two frames, and the page’s own work for a frame, p95; ` +
    'from the click on the link to the first seat; memory of the tab',
  baseline: `${FRAME_MS} ms, ${FIRST_SEAT_MS / 1000} s, ${TAB_MB} MB`,
  rows: [
    { case: 'frame', unit: 'ms', goal: { atMost: 1 } },
    { case: 'work', unit: 'ms', goal: { atMost: 1 } },
    { case: 'first seat', unit: 'ms', goal: { atMost: 1 } },
    { case: 'memory', unit: 'MB', goal: { atMost: 1 } }
  ],

  async run(context, progress) {
    await promisify(execFile)(process.execPath, ['server/embedded/bootstrap.js', 'build']);
    const port = await freePort();
    const environment = await context.environment({
      ...{ WORKER: 'separate', PORT: String(port), ORIGIN: `http://127.0.0.1:${port}` }
    });
    const site = await startChild<SiteApi>(`${import.meta.dirname}/processes/site.ts`, environment);
    const house = await openHouse(loadConfig(environment));
    const executablePath = await findChromium((line) => process.stderr.write(`${line}\n`));
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    const rounds: Round[] = [];
    try {
      const show = await makeShow(house.db, generatePlan(SEATS));
      must((await house.seats.rebuild(show.id)) ?? null);
      const stir = stirrer(house, show.id, SEATS);
      const url = `${await site.ask('url', undefined)}/shows/${show.id}`;
      // The first visitor of a plan waits for what the others find made.
      await visit(browser, url, stir, 1);
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push(...(await visit(browser, url, stir, SECONDS)));
      }
    } finally {
      await browser.close();
      await Promise.all([site.stop(), house.close()]);
    }
    return rounds;
  }
};

/** Somebody who has never been here opens the show, and looks around in it for some seconds. */
async function visit(
  browser: Browser,
  url: string,
  stir: (perSecond: number, seconds: number) => Promise<void>,
  seconds: number
): Promise<Round[]> {
  const page = await browser.newPage({ viewport: WINDOW });
  try {
    await sleep(SETTLED_MS);
    await page.goto(url, { waitUntil: 'commit' });
    const first = await page.waitForFunction(() => performance.getEntriesByName('seats-drawn')[0]?.startTime);
    const firstSeat = Number(await first.jsonValue());
    await page.waitForLoadState('load');
    await sleep(500);
    await recordFrames(page);
    const stirred = stir(CHANGES_A_SECOND, seconds);
    await lookAround(page, seconds * 1000);
    const { between, work } = await readFrames(page);
    await stirred;
    return [
      { case: 'frame', value: percentile(between, 0.95), baseline: FRAME_MS },
      { case: 'work', value: percentile(work, 0.95), baseline: FRAME_MS },
      { case: 'first seat', value: firstSeat, baseline: FIRST_SEAT_MS },
      { case: 'memory', value: await tabMemory(browser), baseline: TAB_MB }
    ];
  } finally {
    await page.close();
  }
}

/** With a mouse as a hand would: drags in circles, and the wheel from the whole house to the numbers of seats and back. */
async function lookAround(page: Page, ms: number): Promise<void> {
  const [x, y] = [WINDOW.width * 0.36, WINDOW.height * 0.5];
  const until = performance.now() + ms;
  await page.mouse.move(x, y);
  for (let turn = 0; performance.now() < until; turn++) {
    const way = turn % 4 < 2 ? -1 : 1;
    for (let n = 0; n < 12; n++) {
      await page.mouse.wheel(0, 60 * way);
      await sleep(12);
    }
    await page.mouse.down();
    for (let n = 1; n <= 24; n++) {
      const angle = (n / 24) * 2 * Math.PI;
      await page.mouse.move(x + 120 * Math.sin(angle), y + 120 * (1 - Math.cos(angle)));
      await sleep(12);
    }
    await page.mouse.up();
  }
}
