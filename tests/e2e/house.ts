import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RUN } from '../../server/child.ts';

/** Starts the demo as a visitor would get it, in a folder that is thrown away, and stops it after the last test. */
const ROOT = resolve(import.meta.dirname, '../..');
const PATIENCE_MS = 120_000;

export default async function setup() {
  const dataDir = await mkdtemp(join(tmpdir(), 'fullhouse-e2e-'));
  const child = spawn(process.execPath, [RUN, 'server/demo.ts'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, REDIS_PROGRAM_DIR: join(ROOT, '.data'), LOG_LEVEL: 'warn' },
    // The channel ends with this process, and the demo with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc']
  });
  let output = '';
  const url = await new Promise<string>((found, failed) => {
    const timer = setTimeout(() => failed(new Error(`the demo did not open:\n${output}`)), PATIENCE_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = /Fullhouse is open[^\n]*?(http:\/\/\S+)/.exec(output);
      if (!match?.[1]) return;
      clearTimeout(timer);
      found(match[1]);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => failed(new Error(`the demo ended with code ${String(code)}:\n${output}`)));
  });
  process.env['BASE_URL'] = url;
  return async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
}
