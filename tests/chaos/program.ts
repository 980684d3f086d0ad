import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RUN } from '../../server/child.ts';

/** A process of the service, as `npm start` and `npm run worker` start it, that can be killed, frozen and started again. */
export interface Program {
  readonly name: string;
  /** Where it serves, or says at least that it is well. */
  readonly port: number;
  readonly pid: number;
  readonly running: boolean;
  /** How often it was started. */
  readonly starts: number;
  /** `twist` is for this life only: more environment, and files that are loaded before everything else. */
  start(twist?: Twist): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** It kills itself when it comes to this place. */
  dieAt(point: string): void;
  /** Resolves when it has ended, however that came. */
  ended(): Promise<void>;
  stop(): Promise<void>;
}

export interface Twist {
  env?: Record<string, string>;
  preloads?: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', '..');
const preload = (name: string) => ['--with', join(import.meta.dirname, 'preloads', `${name}.ts`)];
/** From the start of the process until it serves. */
const READY_WITHIN_MS = 60_000;
const STOP_MS = 12_000;

export function createProgram(given: {
  name: string;
  port: number;
  entry: string;
  env: Record<string, string>;
  /** Where what it has to say goes. */
  folder: string;
  /** Preloads of every life of it. */
  broken: readonly string[];
  /** Answers whether it serves. */
  ready: () => Promise<boolean>;
}): Program {
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let starts = 0;
  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  async function start({ env = {}, preloads = [] }: Twist = {}): Promise<void> {
    if (running()) return;
    const log = openSync(join(given.folder, `${given.name}.log`), 'a');
    const files = [...preloads, ...given.broken, 'hand'].flatMap(preload);
    const started = spawn(process.execPath, [RUN, ...files, join(ROOT, given.entry)], {
      cwd: ROOT,
      env: { ...process.env, ...given.env, ...env },
      stdio: ['ignore', log, log, 'ipc']
    });
    child = started;
    starts++;
    gone = new Promise((resolve) => started.once('exit', () => resolve()));
    // A message to one that has just died has nowhere to go.
    started.on('error', () => undefined);
    for (const end = performance.now() + READY_WITHIN_MS; !(await given.ready()); await pause(100)) {
      if (!running()) throw new Error(`${given.name} ended before it served: see ${given.folder}/${given.name}.log`);
      if (performance.now() > end) throw new Error(`${given.name} does not serve`);
    }
  }

  return {
    name: given.name,
    port: given.port,
    get pid() {
      return child?.pid ?? 0;
    },
    get running() {
      return running();
    },
    get starts() {
      return starts;
    },
    start,
    signal: (signal) => void (running() && child?.kill(signal)),
    dieAt: (point) => void (child?.connected && child.send({ diesAt: point })),
    ended: () => gone,
    async stop() {
      if (!running()) return;
      child?.kill('SIGCONT');
      child?.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    }
  };
}
