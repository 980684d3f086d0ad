import { generatePlan, type HallSize } from '#domain/generate-plan.ts';
import { loadConfig, type Config } from '../../server/config.ts';
import { openDatabase } from '../../server/db/database.ts';
import { startMailCatcher } from '../../server/embedded/mail-catcher.ts';
import { createLog } from '../../server/log.ts';
import { startChild } from '../../server/child.ts';
import { environmentOn } from '../integration/configuration.ts';
import { makeShow } from '../integration/shows.ts';
import type { Services } from '../integration/services.ts';
import type { ServiceApi } from './service.ts';
import type { WorkerApi } from './worker.ts';

/** A service of our own to load: a node and a worker, each a process, on a Postgres and a Redis that are thrown away. */
export interface Stack {
  url: string;
  show: string;
  config: Config;
  stop(): Promise<void>;
}

/** Short, so that abandoned seats come back, and late payers pay, while the test still runs. */
const TIMES = { HOLD_TTL_MS: '20000', HOLD_LIMIT_MS: '60000', PAYMENT_TTL_MS: '30000' };
/** 2,000 viewers get 8,000 frames a second at this tick; at the usual 50 ms two cores would do nothing but that. */
const TICK_MS = '250';
/** An account is lent to one buyer after the other. */
const CAP = 50;

export async function startStack(
  services: Pick<Services, 'postgresServer' | 'redisUrl'>,
  { seats, pages }: { seats: number; pages: 'built' | 'sources' }
): Promise<Stack> {
  const mail = await startMailCatcher();
  const environment = await environmentOn(services, {
    ...{ SMTP_URL: mail.url, LIVE_TICK_MS: TICK_MS, LOG_LEVEL: 'error', PAGES: pages },
    WORKER: 'separate',
    // Bots and people say where they call from.
    ADDRESS_HEADER: 'x-forwarded-for',
    ...TIMES
  });
  const config = loadConfig(environment);
  const service = await startChild<ServiceApi>(`${import.meta.dirname}/service.ts`, environment);
  const url = await service.ask('url', undefined);
  const worker = await startChild<WorkerApi>(`${import.meta.dirname}/worker.ts`, environment);
  await worker.ask('start', url);
  const db = openDatabase(config.databaseUrl, createLog('error', false));
  const show = await makeShow(db, generatePlan(seats as HallSize), { cap: CAP });
  await db.close();
  return {
    url,
    show: show.id,
    config,
    async stop() {
      await worker.stop();
      await service.stop();
      await mail.stop();
    }
  };
}
