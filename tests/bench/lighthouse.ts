import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findChromium } from '../e2e/chromium.ts';
import openDemo from '../e2e/house.ts';
import type { Bench, Round } from './bench.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
/** It brings a hundred packages that nothing else needs, so it is fetched when somebody measures. */
const VERSION = '12.8.2';
const PLACE = join(ROOT, 'node_modules', '.cache', `lighthouse-${VERSION}`);
const FLAGS = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync']
];
const GOAL = 95;
const OUTPUT_BYTES = 50_000_000;

const DEVICES = { phone: [], desktop: ['--preset=desktop'] } as const;
type Device = keyof typeof DEVICES;
const PAGES = ['home', 'event', 'show'] as const;

interface Report {
  categories: Record<'performance' | 'accessibility' | 'best-practices' | 'seo', { score: number | null }>;
  runtimeError?: { message: string };
  /** How fast the machine was just then: 1,000 is a middling phone of 2024, and the simulated one has a quarter of it. */
  environment: { benchmarkIndex: number };
}

export const lighthouse: Bench = {
  name: 'lighthouse',
  what:
    'scores of the demo’s home, an event and a show of 1,350 places, on a simulated phone (slow 4G, a processor of a ' +
    'quarter of the speed) and on a desktop: performance, and the least of accessibility, best practices and SEO',
  baseline: `${GOAL} of 100`,
  rows: PAGES.flatMap((page) =>
    (Object.keys(DEVICES) as Device[]).flatMap((device) =>
      ['performance', 'the rest'].map((what) => ({
        ...{ case: `${page}, ${device}, ${what}`, unit: 'points', goal: { atLeast: 1 } }
      }))
    )
  ),

  async run(context, progress) {
    await run(process.execPath, ['server/embedded/bootstrap.js', 'build'], { cwd: ROOT });
    const program = await fetchLighthouse();
    const chromium = await findChromium((line) => process.stderr.write(`${line}\n`));
    const close = await openDemo();
    const rounds: Round[] = [];
    try {
      const urls = await pagesOf(process.env['BASE_URL'] ?? '');
      for (let n = 1; n <= context.rounds; n++) {
        for (const device of Object.keys(DEVICES) as Device[]) {
          for (const page of PAGES) {
            progress(n, `${page}, ${device}`);
            const { performance, rest, index } = await look(program, chromium, urls[page], device);
            progress(n, `${page}, ${device}: ${performance} on a machine of index ${index}`);
            rounds.push(
              { case: `${page}, ${device}, performance`, value: performance, baseline: GOAL },
              { case: `${page}, ${device}, the rest`, value: rest, baseline: GOAL }
            );
          }
        }
      }
    } finally {
      await close();
    }
    return rounds;
  }
};

/** Where its program lies. */
async function fetchLighthouse(): Promise<string> {
  const program = join(PLACE, 'node_modules', 'lighthouse', 'cli', 'index.js');
  if (existsSync(program)) return program;
  process.stderr.write(`Fetching Lighthouse ${VERSION} …\n`);
  await mkdir(PLACE, { recursive: true });
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', PLACE];
  await run('npm', ['install', ...flags, `lighthouse@${VERSION}`], { cwd: PLACE });
  return program;
}

async function pagesOf(base: string): Promise<Record<(typeof PAGES)[number], string>> {
  const event = `${base}/events/night-train-to-leh`;
  const show = /href="(\/shows\/[0-9a-z]{12})/.exec(await (await fetch(event)).text())?.[1];
  if (!show) throw new Error(`no show is on sale at ${event}`);
  return { home: `${base}/`, event, show: base + show };
}

/** The browser's trace has no beginning now and then (NO_NAVSTART); what Lighthouse says of it is to ask again. */
async function report(program: string, chromium: string, url: string, device: Device, tries = 3): Promise<string> {
  try {
    const { stdout } = await run(
      process.execPath,
      [program, url, '--quiet', '--output=json', ...DEVICES[device], `--chrome-flags=${FLAGS.join(' ')}`],
      { env: { ...process.env, CHROME_PATH: chromium }, maxBuffer: OUTPUT_BYTES }
    );
    return stdout;
  } catch (error) {
    if (tries > 1 && String(error).includes('NO_NAVSTART')) return report(program, chromium, url, device, tries - 1);
    throw error;
  }
}

async function look(program: string, chromium: string, url: string, device: Device) {
  const stdout = await report(program, chromium, url, device);
  const { categories, runtimeError, environment } = JSON.parse(stdout) as Report;
  if (runtimeError) throw new Error(`${url}: ${runtimeError.message}`);
  const points = (of: keyof Report['categories']) => Math.round(100 * (categories[of].score ?? 0));
  return {
    performance: points('performance'),
    index: Math.round(environment.benchmarkIndex),
    rest: Math.min(points('accessibility'), points('best-practices'), points('seo'))
  };
}
