import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { RUN } from '../../server/child.ts';
import type { Config } from '../../server/config.ts';
import { environmentOf } from './crash-environment.ts';

/** Cases at once, each with a process of its own: more only wait for each other, until something takes too long. */
const AT_ONCE = 2;
/** A process that has not died by then never will (ms). */
const PATIENCE_MS = 90_000;

let taken = 0;
const waiting: (() => void)[] = [];

/** Waits until one of the cases that run side by side is over; the place is given up with the test. */
export async function takePlace(onTestFinished: TestContext['onTestFinished']): Promise<void> {
  if (taken >= AT_ONCE) await new Promise<void>((free) => waiting.push(free));
  else taken++;
  onTestFinished(() => {
    const next = waiting.shift();
    if (next) next();
    else taken--;
  });
}

/** Runs a file of this folder as a process of its own until it has killed itself; answers what it had said. */
export async function dies(
  config: Config,
  file: string,
  errand: { point: string } & Record<string, unknown>
): Promise<string> {
  const child = spawn(process.execPath, [RUN, join(import.meta.dirname, file), JSON.stringify(errand)], {
    env: { PATH: process.env['PATH'], ...environmentOf(config) },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const giveUp = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
  clearTimeout(giveUp);
  if (signal === 'SIGKILL') return output;
  throw new Error(`the process never came to ${errand.point} (${signal}):\n${output}\n${errors}`);
}
