import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Inbox } from './inbox.ts';
import { startMailCatcher } from './mail-catcher.ts';
import { startPostgres } from './postgres.ts';
import { runs } from './processes.ts';
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
  const home = resolve(dataDir);
  await mkdir(home, { recursive: true });
  const unlock = await takeDataDir(home);
  const stops: (() => Promise<void>)[] = [unlock];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const [database, redis, mail] = await Promise.all([
      given.databaseUrl ? null : startPostgres(home, say),
      given.redisUrl ? null : startRedis(home, say),
      given.smtpUrl ? null : startMailCatcher()
    ]);
    for (const part of [database, redis, mail]) if (part) stops.push(() => part.stop());
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

/** One demo a data folder: two Postgres on the same files would be the end of them. */
async function takeDataDir(home: string): Promise<() => Promise<void>> {
  const file = join(home, 'fullhouse.pid');
  const other = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (other > 0 && other !== process.pid && runs(other, 'node')) {
    throw new Error(
      `Fullhouse runs on ${home} already (process ${other}). Stop it, or set DATA_DIR to another folder.`
    );
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}
