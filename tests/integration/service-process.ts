import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { RUN } from '../../server/child.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { wait } from './visitors.ts';

/** A node or the worker exactly as it is started in production, as a process of its own. */
export interface ServiceProcess {
  url: string;
  pid: number;
  /** What the process said, one JSON line each. */
  said: () => string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
}

const START_MS = 55_000;

/** Resolves when it is ready by its own word. `environment` is that of `environmentOn`. */
export async function startProcess(
  file: 'main' | 'worker',
  environment: Record<string, string>
): Promise<ServiceProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [RUN, resolve(`server/${file}.ts`)], {
    env: { PATH: process.env['PATH'], ...environment, [file === 'main' ? 'PORT' : 'WORKER_PORT']: String(port) },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  let over = false;
  const ended = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      over = true;
      done(code);
    })
  );
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  while (!(await isReady(url))) {
    const late = performance.now() - started > START_MS;
    if (late) child.kill('SIGKILL');
    if (late || over) throw new Error(`server/${file}.ts did not become ready:\n${said}`);
    await wait(50);
  }
  return { url, pid: child.pid ?? 0, said: () => said, signal: (name) => void child.kill(name), ended };
}

/** A process that is stopped takes the connection and says nothing: that is no. */
const SAYS_WITHIN_MS = 1500;

export const isReady = (url: string) =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(SAYS_WITHIN_MS) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false
  );
