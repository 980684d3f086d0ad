import { z } from 'zod';
import { createHttp } from './http.ts';
import { Tally } from './tally.ts';

/** What is loaded: the show, its rows, and those who are there before the clock starts. */
export interface Target {
  url: string;
  show: string;
  capacity: number;
  /** Runs of neighbours by index. */
  rows: { first: number; count: number }[];
  /** One a buyer, and some more for those who come back as somebody else. */
  buyerTokens: string[];
  accountTokens: string[];
  seatsPerBuyer: number;
}

const token = z.object({ token: z.string() });
const showDetail = z.object({ id: z.string(), planId: z.string(), capacity: z.number(), seatsPerBuyer: z.number() });
const plan = z.object({
  capacity: z.number(),
  rows: z.array(z.object({ first: z.number(), count: z.number() }))
});
const events = z.object({ items: z.array(z.object({ id: z.string() })) });
const event = z.object({ shows: z.array(z.object({ id: z.string(), available: z.number().nullable() })) });

const AT_ONCE = 8;
/** A password takes the server's whole core for a moment: two at a time. */
const SIGN_UPS_AT_ONCE = 2;

/** Finds the show and makes buyers and accounts, ahead of the clock. Throws when the site refuses any of it. */
export async function prepare(
  url: string,
  wanted: { show: string | null; buyers: number; spare: number; accounts: number },
  say: (line: string) => void
): Promise<Target> {
  const tally = new Tally();
  const http = createHttp(url, tally);
  const must = async <T>(what: string, schema: z.ZodType<T>, body?: unknown): Promise<T> => {
    const answer = await http.call('prepare', what, schema, body === undefined ? {} : { body });
    if (answer !== null) return answer;
    const { details, refusals } = tally.take();
    throw new Error(`${url} did not answer ${what}: ${details.join('; ')}${Object.keys(refusals).join()}`);
  };
  const show = wanted.show ?? (await fullest(must, url));
  const detail = await must(`GET /shows/${show}`, showDetail);
  const { rows, capacity } = await must(`GET /shows/${show}/plan`, plan);
  const run = Date.now().toString(36);
  const buyerTokens = await many('guests', wanted.buyers + wanted.spare, AT_ONCE, say, () =>
    must('POST /buyers', token)
  );
  const accountTokens = await many('accounts', wanted.accounts, SIGN_UPS_AT_ONCE, say, (n) =>
    must('POST /auth/signup', token, {
      ...{ email: `load-${run}-${n}@load.invalid`, password: `load-${run}-${n}-password`, name: `Load ${n}` }
    })
  );
  return { url, show, capacity, rows, buyerTokens, accountTokens, seatsPerBuyer: detail.seatsPerBuyer };
}

type Must = <T>(what: string, schema: z.ZodType<T>, body?: unknown) => Promise<T>;

async function fullest(must: Must, url: string): Promise<string> {
  const { items } = await must('GET /events?limit=100', events);
  const details = await Promise.all(items.map(({ id }) => must(`GET /events/${id}`, event)));
  const shows = details.flatMap((each) => each.shows).sort((a, b) => (b.available ?? 0) - (a.available ?? 0));
  if (!shows[0]) throw new Error(`${url} has no show to come.`);
  return shows[0].id;
}

async function many(
  what: string,
  count: number,
  width: number,
  say: (line: string) => void,
  make: (n: number) => Promise<{ token: string }>
): Promise<string[]> {
  const made: string[] = [];
  let next = 0;
  let told = performance.now();
  const lane = async () => {
    while (next < count) {
      const n = next++;
      made[n] = (await make(n)).token;
      if (performance.now() - told < 1000) continue;
      told = performance.now();
      say(`Warming up: ${next} of ${count} ${what}`);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return made;
}
