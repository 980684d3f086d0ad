import { fork, type ChildProcess } from 'node:child_process';
import { basename, join } from 'node:path';

/**
 * A process of our own, asked over Node's IPC channel: simulated buyers, a rehearsal's service, what a bench measures. It
 * exports the type of its `api`; the parent calls it by name.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- inferred again from the api's own type at each call
export type Api = Record<string, (input: any) => unknown>;

export interface Child<A extends Api> {
  ask<K extends keyof A & string>(name: K, input: Parameters<A[K]>[0]): Promise<Awaited<ReturnType<A[K]>>>;
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  input: unknown;
}
interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

const STOP_MS = 8000;

/** Children started from now on write CPU profiles there when they end, one a thread. */
export function profileTo(folder: string): void {
  profiles = folder;
}
let profiles: string | undefined;

/** What a process of ours is started with: Node 20 does not read TypeScript. */
export const RUN = join(import.meta.dirname, 'embedded', 'run.js');

/** Starts a file by its whole path, and resolves when it answers. */
export async function startChild<A extends Api>(file: string, env: Record<string, string> = {}): Promise<Child<A>> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const child = fork(RUN, [file], {
    // eslint-disable-next-line no-restricted-properties -- handed on as it is, not read
    env: { ...process.env, ...env },
    execArgv: [
      '--expose-gc',
      ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, basename(file))}`])
    ],
    // Standard output is kept for the table; whatever a child has to say is no part of it.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let last = 0;
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    void ended.then(() => reject(new Error(`${file} ended before it was ready`)));
  });
  child.on('message', ({ id, value, error }: Answer) => {
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) question?.resolve(value);
    else question?.reject(new Error(`${file}: ${error}`));
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
  });
  return {
    ask: (name, input) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        // Of one that is gone nobody would ever hear.
        if (!child.connected) return reject(new Error(`${file} ended`));
        child.send({ id, name, input } satisfies Question);
      }),
    stop: () => end(child, ended)
  };
}

async function end(child: ChildProcess, ended: Promise<void>) {
  // A process without its parent ends by itself: see answerParent.
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

/** The child's side: answers until the parent is gone, then runs `close` and ends. */
export function answerParent(api: Api, close: () => Promise<void> | void = () => undefined): void {
  process.on('message', ({ id, name, input }: Question) => {
    Promise.resolve()
      .then(() => api[name]?.(input))
      .then(
        (value) => process.send?.({ id, value } satisfies Answer),
        (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer)
      );
  });
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), STOP_MS / 2).unref();
    void Promise.resolve(close()).finally(() => process.exit(0));
  });
  process.send?.('ready');
}

/** What this process has used so far: CPU of all its threads in µs, and memory that is resident, after collecting. */
export function usage({ collect = false }: { collect?: boolean } = {}): { cpu: number; resident: number } {
  if (collect) for (let n = 0; n < 3; n++) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return { cpu: user + system, resident: process.memoryUsage.rss() };
}
