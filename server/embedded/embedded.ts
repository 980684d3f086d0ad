import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inbox } from './inbox.ts';
import { startMailCatcher } from './mail-catcher.ts';
import { startPostgres } from './postgres.ts';
import { bornAt, isAlive, sleep } from './processes.ts';
import { startRedis } from './redis.ts';
import { demoSecret } from './secret.ts';

/** Everything Fullhouse needs around it, started privately where no address is given. */
export interface Embedded {
  databaseUrl: string;
  redisUrl: string;
  smtpUrl: string;
  secret: string;
  inbox: Inbox | null;
  stop(): Promise<void>;
}

export interface Given {
  databaseUrl?: string | undefined;
  redisUrl?: string | undefined;
  smtpUrl?: string | undefined;
  secret?: string | undefined;
}

export async function startEmbedded(dataDir: string, given: Given, say: (line: string) => void): Promise<Embedded> {
  await mkdir(dataDir, { recursive: true });
  const home = await realpath(dataDir);
  const unlock = await takeDataDir(home);
  const stops: (() => Promise<void>)[] = [unlock];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const toBeStopped = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  try {
    const parts = [
      given.databaseUrl ? Promise.resolve(null) : toBeStopped(startPostgres(home, say)),
      given.redisUrl ? Promise.resolve(null) : toBeStopped(startRedis(home, say)),
      given.smtpUrl ? Promise.resolve(null) : toBeStopped(startMailCatcher())
    ] as const;
    // All have either started or failed before anything is stopped: none is left behind by the failure of another.
    await Promise.allSettled(parts);
    const [database, redis, mail] = await Promise.all(parts);
    return {
      databaseUrl: given.databaseUrl ?? database?.url ?? '',
      redisUrl: given.redisUrl ?? redis?.url ?? '',
      smtpUrl: given.smtpUrl ?? mail?.url ?? '',
      secret: given.secret ?? (await demoSecret(home)),
      inbox: mail?.inbox ?? null,
      stop
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A process that was killed or told to stop a moment ago may need this long (ms) to be gone. */
const DYING_MS = 1500;

/** One demo a data folder: two Postgres on the same files would be the end of them. */
async function takeDataDir(home: string): Promise<() => Promise<void>> {
  const file = join(home, 'fullhouse.pid');
  const patience = Date.now() + DYING_MS;
  const me = `${process.pid} ${bornAt(process.pid)}`;
  for (;;) {
    try {
      // Made only if it is not there: of two that start at once, one gets it.
      await writeFile(file, me, { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const [pid, born] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
    const other = Number(pid);
    if (other > 0 && isAlive(other) && (born ?? '') === bornAt(other)) {
      if (Date.now() < patience) {
        await sleep(50);
        continue;
      }
      throw new Error(
        `Fullhouse runs on ${home} already (process ${other}). Stop it, or set DATA_DIR to another folder.`
      );
    }
    // Left by one that was killed.
    await rm(file, { force: true });
  }
}
