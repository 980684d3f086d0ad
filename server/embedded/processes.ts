import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** Processes we started, perhaps in an earlier life that was killed. */

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/** A process that has ended but whose parent has not asked for it yet. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** True when the process with this id runs that program: ids are given again to others. */
export function runs(pid: number, program: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program);
  } catch {
    // No /proc here (macOS): the id alone must do.
    return true;
  }
}

/** When the process was started, in ticks since the machine was: with its id, a name nobody else ever has. */
export function bornAt(pid: number): string {
  try {
    // The program's name, in brackets, may hold anything: the fields are counted from behind it.
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

/** Asks with `signal`, waits, and insists with SIGKILL. */
export async function endProcess(pid: number, signal: NodeJS.Signals, patienceMs = 8000): Promise<void> {
  // 0 would be our own process group, and 1 is the machine's.
  if (pid <= 1 || !isAlive(pid)) return;
  process.kill(pid, signal);
  for (let waited = 0; waited < patienceMs; waited += 50) {
    if (!isAlive(pid)) return;
    await sleep(50);
  }
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
