import { z } from 'zod';
import { startChild } from '../../server/child.ts';
import { loadConfig } from '../../server/config.ts';
import { openDatabase } from '../../server/db/database.ts';
import { seedDemo } from '../../server/db/seed.ts';
import { startMailCatcher } from '../../server/embedded/mail-catcher.ts';
import { freePort } from '../../server/embedded/processes.ts';
import { createLog } from '../../server/log.ts';
import { environmentOn } from '../integration/configuration.ts';
import { startServices } from '../integration/services.ts';
import type { ServiceApi } from '../load/service.ts';
import type { WorkerApi } from '../load/worker.ts';

/** The product as the demo opens it, in folders that are thrown away, with one show more that nobody has booked yet. */
export interface Stack {
  url: string;
  /** The show whose sale is recorded, and one that is half sold. */
  newShow: string;
  halfSold: string;
  planId: string;
  organizerToken: string;
  stop(): Promise<void>;
}

const EVENT = 'the-cherry-orchard';
/** So that some dozen accounts can buy the house. */
const SEATS_PER_BUYER = 20;
const DAY_MS = 86_400_000;

const signedIn = z.object({ token: z.string() });
const eventAnswer = z.object({ id: z.string(), shows: z.array(z.object({ id: z.string() })) });
const showAnswer = z.object({
  planId: z.string(),
  currency: z.string(),
  tiers: z.array(z.object({ tier: z.string(), price: z.number() }))
});
const made = z.object({ id: z.string() });

export async function startStack(say: (line: string) => void): Promise<Stack> {
  const services = await startServices(say, ['--appendonly', 'no']);
  const mail = await startMailCatcher();
  const port = await freePort();
  const environment = await environmentOn(services, {
    ...{ PORT: String(port), ORIGIN: `http://localhost:${port}`, SMTP_URL: mail.url, LOG_LEVEL: 'error' },
    // The buyers say where they call from.
    ...{ WORKER: 'separate', PAGES: 'built', ADDRESS_HEADER: 'x-forwarded-for' }
  });
  const config = loadConfig(environment);
  const log = createLog('error', false);
  const db = openDatabase(config.databaseUrl, log);
  await seedDemo({ db, log, say });
  await db.close();
  const load = `${import.meta.dirname}/../load`;
  const service = await startChild<ServiceApi>(`${load}/service.ts`, environment);
  const worker = await startChild<WorkerApi>(`${load}/worker.ts`, environment);
  await worker.ask('start', await service.ask('url', undefined));
  const sold = await putOnSale(config.origin);
  return {
    ...{ url: config.origin, ...sold },
    async stop() {
      await worker.stop();
      await service.stop();
      await mail.stop();
      await services.stop();
    }
  };
}

/** Over the API, as an organizer's own program would. */
async function putOnSale(url: string): Promise<Omit<Stack, 'url' | 'stop'>> {
  async function ask<T>(path: string, answer: z.ZodType<T>, body?: object, token?: string): Promise<T> {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), 'content-type': 'application/json' },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {})
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return answer.parse(await response.json());
  }
  const organizer = { email: 'organizer@sample.com', password: '1234' };
  const { token } = await ask('/auth/login', signedIn, organizer);
  const event = await ask(`/events/${EVENT}`, eventAnswer);
  const halfSold = event.shows[0]?.id ?? '';
  const { planId, currency, tiers } = await ask(`/shows/${halfSold}`, showAnswer);
  const show = await ask(
    '/shows',
    made,
    {
      ...{ eventId: event.id, planId, currency, seatsPerBuyer: SEATS_PER_BUYER },
      startsAt: new Date(Date.now() + 9 * DAY_MS).toISOString().replace(/T.*/, 'T19:30:00+05:30'),
      prices: Object.fromEntries(tiers.map(({ tier, price }) => [tier, price]))
    },
    token
  );
  return { newShow: show.id, halfSold, planId, organizerToken: token };
}
