import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readAcks, type AuditReport, type Auditor } from '../../audit/audit.ts';
import { startChild, type Child } from '../../child.ts';
import type { BuyersApi } from './process.ts';
import { createCollector, type Second, type Totals } from './collect.ts';
import { wallClock } from './frames.ts';
import { planClients, type ClientPlan, type PlanOptions } from './plan.ts';
import { prepare, type Target } from './target.ts';

/** Who comes, and how they are shared out. */
export interface RunOptions extends PlanOptions {
  processes: number;
  /** Which buyers share when they book. */
  accounts: number;
  /** Of the visits that end, how many end with a booking. */
  bookShare: number;
  /** Where the acknowledgements go. */
  out: string;
}

/** Everything a run found out. */
export interface LoadResult {
  plan: readonly ClientPlan[];
  target: Pick<Target, 'url' | 'show' | 'capacity'>;
  totals: Totals;
  /** How long it ran, from the first click to when everything had ended (ms). */
  tookMs: number;
  audit: AuditReport | null;
}

export interface LoadParts {
  say: (line: string) => void;
  second: (second: Second, totals: Totals) => void;
  /** Null where nobody can look into the deployment's Postgres and Redis. */
  auditor: Auditor | null;
  /** Ends it before its time: the buyers are gone, and the run is rejected. */
  signal?: AbortSignal;
}

const SPARE_SHARE = 0.5;
const SPARE_PER_BOT = 5;
/** What follows the last click: payments, and frames that reach everyone. */
const ENDING_MS = 120_000;
const WARM_MS = 500;
/** Mails and other work after the commits. */
const SETTLES_WITHIN_MS = 120_000;

export async function runLoad(
  url: string,
  show: string | null,
  options: RunOptions,
  parts: LoadParts
): Promise<LoadResult> {
  const { say } = parts;
  await makeFolder(options.out);
  const plan = planClients(options);
  const abandoners = plan.filter(({ persona }) => persona === 'abandoner');
  const clicksOf = (some: readonly ClientPlan[]) => some.reduce((sum, { clicks }) => sum + clicks.length, 0);
  const bots = plan.filter(({ persona }) => persona === 'bot');
  const spare = Math.ceil(clicksOf(abandoners) * SPARE_SHARE + clicksOf(bots) * SPARE_PER_BOT) + options.processes;
  const target = await prepare(url, { show, buyers: options.buyers, spare, accounts: options.accounts }, say);
  const children = await Promise.all(
    Array.from({ length: options.processes }, () => startChild<BuyersApi>(`${import.meta.dirname}/process.ts`))
  );
  const end = () => void Promise.all(children.map((child) => child.stop()));
  parts.signal?.addEventListener('abort', end);
  try {
    parts.signal?.throwIfAborted();
    say(`Opening ${options.processes} processes${options.arrival === 'stampede' ? ' and all connections' : ''} …`);
    await Promise.all(children.map((child, n) => open(child, n, plan, target, options)));
    const { totals, tookMs } = await play(children, options, parts);
    say('Auditing what was sold …');
    const audit = parts.auditor ? await settled(parts.auditor, options.out, say, parts.signal) : null;
    return { plan, target, totals, tookMs, audit };
  } finally {
    parts.signal?.removeEventListener('abort', end);
    await Promise.all(children.map((child) => child.stop()));
  }
}

async function makeFolder(out: string) {
  await mkdir(out, { recursive: true });
  // Acknowledgements of another run would be looked for in this one's database.
  for (const name of await readdir(out)) if (/^acks-.*\.ndjson$/.test(name)) await rm(join(out, name));
}

/** Every n-th buyer, account and spare token is this process' own. */
function open(child: Child<BuyersApi>, n: number, plan: readonly ClientPlan[], target: Target, options: RunOptions) {
  const mine = <T>(all: readonly T[]): T[] => all.filter((_, at) => at % options.processes === n);
  const { url, show, capacity, rows, seatsPerBuyer } = target;
  return child.ask('open', {
    ...{ url, show, capacity, rows, seatsPerBuyer, bookShare: options.bookShare },
    plans: mine(plan),
    buyerTokens: mine(target.buyerTokens.slice(0, plan.length)),
    spareTokens: mine(target.buyerTokens.slice(plan.length)),
    accountTokens: mine(target.accountTokens),
    acksFile: join(options.out, `acks-${n}.ndjson`),
    early: options.arrival === 'stampede'
  });
}

async function play(children: readonly Child<BuyersApi>[], options: RunOptions, parts: LoadParts) {
  const collector = createCollector();
  const sample = async (at: number) => {
    const samples = await Promise.all(children.map((child) => child.ask('sample', undefined)));
    parts.second(collector.second(at, wallClock(), samples), collector.totals);
  };
  await sample(0);
  await Promise.all(children.map((child) => child.ask('start', { inMs: WARM_MS, durationMs: options.durationMs })));
  const began = performance.now() + WARM_MS;
  let ended = false;
  const ending = new Promise<void>((resolve, reject) => {
    setTimeout(() => {
      Promise.all(children.map((child) => child.ask('finish', undefined))).then(
        () => resolve(),
        (error: unknown) => reject(error instanceof Error ? error : new Error(String(error)))
      );
    }, WARM_MS + options.durationMs);
  }).finally(() => (ended = true));
  // Heard below; it must not count as unheard before that.
  ending.catch(() => undefined);
  for (let at = 1; !ended; at++) {
    await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, began + at * 1000 - performance.now()))]);
    if (performance.now() - began > options.durationMs + ENDING_MS)
      throw new Error('the buyers did not come to an end');
    await sample(at);
  }
  await ending;
  await sample(Math.ceil((performance.now() - began) / 1000));
  return { totals: collector.totals, tookMs: performance.now() - began };
}

/** The verdict, once what follows the last commits is done; work that is never done is a finding by itself. */
async function settled(
  auditor: Auditor,
  out: string,
  say: (line: string) => void,
  signal: AbortSignal | undefined
): Promise<AuditReport> {
  const acks = await readAcks(out);
  for (const end = performance.now() + SETTLES_WITHIN_MS; performance.now() < end && !signal?.aborted;) {
    const open = await auditor.workLeft();
    if (open === 0) break;
    say(`Waiting for the work after the commits: ${open} left`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return auditor.audit({ acks });
}
