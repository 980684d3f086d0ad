import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Config } from '../../server/config.ts';
import { environmentOf } from './crash-environment.ts';

/** Processes at once: more only wait for each other. */
const AT_ONCE = 2;
/** A process that has not died by then never will (ms). */
const PATIENCE_MS = 30_000;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((free) => waiting.push(free));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** Runs a file of this folder as a process of its own until it has killed itself; answers what it had said. */
export const dies = (
  config: Config,
  file: string,
  errand: { point: string } & Record<string, unknown>
): Promise<string> =>
  inTurn(async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, file), JSON.stringify(errand)],
      {
        env: { PATH: process.env['PATH'], ...environmentOf(config) },
        stdio: ['ignore', 'pipe', 'pipe']
      }
    );
    let [output, errors] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    const giveUp = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
    const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
    clearTimeout(giveUp);
    if (signal === 'SIGKILL') return output;
    throw new Error(`the process never came to ${errand.point} (${signal}):\n${output}\n${errors}`);
  });
