import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openAuditor } from '../../server/audit/audit.ts';
import { startChild } from '../../server/child.ts';
import { createLog } from '../../server/log.ts';
import { wallClock } from '../../server/rehearsal/buyers/frames.ts';
import { check } from './checker.ts';
import { runControls, type Broken } from './control.ts';
import { lookAtTheEnd } from './end.ts';
import type { Evidence, Played } from './evidence.ts';
import { acksOf } from './history.ts';
import { HELP, OptionError, readOptions, type ChaosOptions } from './options.ts';
import { playRound } from './play.ts';
import { planRounds } from './schedule.ts';
import { CAP, openServers, startStack, type Servers } from './stack.ts';
import { makeReport, tableOf } from './table.ts';
import { startWatch } from './watch.ts';
import type { WorkloadApi } from './workload/process.ts';

/** `npm run chaos`: the service under faults, and whether everything that must hold has held. */
const closers: (() => Promise<unknown>)[] = [];
const closeAll = async () => {
  for (const close of closers.splice(0).reverse())
    await close().catch((error: unknown) => console.error(String(error)));
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(event, () => void closeAll().finally(() => process.exit(2)));

const began = performance.now();
const say = (line: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);

/** Before the first fault: the sale has to run. */
const WARM_MS = { long: 5000, short: 2000 };
/** What a wiped queue has lost is given to it again after so long: nobody waits most of a minute for it in `npm test`. */
const ENV = { long: {}, short: { OUTBOX_AGAIN_MS: '8000' } };
/** Two thirds of what a node may have; the slow viewers' own limit is far below. */
const RESIDENT_AT_MOST = 900 * 1024 * 1024;

function optionsOrEnd(): ChaosOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`✗ ${error.message}`);
    process.exit(2);
  }
}

async function controls(servers: Servers, names: readonly Broken[], folder: string): Promise<boolean> {
  const all = await runControls(servers, names, folder);
  for (const { broken, expected, found, red } of all) {
    const [first] = found;
    say(`control --broken ${broken}: ${red ? `${expected} is red, as it must be` : `${expected} IS NOT RED`}`);
    if (first) say(`  ${first.what}: ${JSON.stringify(first.evidence).slice(0, 200)}`);
  }
  return all.every(({ red }) => red);
}

async function chaos(options: ChaosOptions, servers: Servers): Promise<boolean> {
  const { form, seed, faults, out } = options;
  const stack = await startStack(servers, {
    ...{ name: 'chaos', nodes: 2, seats: form === 'short' ? 1350 : 15_000, folder: join(out, 'logs'), broken: [] },
    ...{ customers: form === 'short' ? 300 : 1500, env: ENV[form] }
  });
  closers.push(() => stack.stop());
  const workload = await startChild<WorkloadApi>(`${import.meta.dirname}/workload/process.ts`);
  closers.push(() => workload.stop());
  const auditor = await openAuditor(stack.audited, createLog('silent', false));
  closers.push(() => auditor.close());
  const watch = startWatch(stack, workload);
  const { url, show, price, capacity, rows, secret, customers } = stack;
  await workload.ask('start', {
    ...{ url, show, price, capacity, rows, secret, customers, seed, cap: CAP, buyers: options.buyers },
    ...{ thinkMs: form === 'short' ? 600 : 1000, bookShare: 0.15 }
  });
  await pause(WARM_MS[form]);
  const saleAt = wallClock();

  const played: Played[] = [];
  const losses: number[] = [];
  const told: Evidence['told'][number][] = [];
  const audits: Evidence['audits'][number][] = [];
  for (const round of planRounds(faults, seed, options.forMs, form)) {
    // Starting processes again takes as long as it takes: no new round after the time that was asked for.
    if (form === 'long' && wallClock() - saleAt > options.forMs) break;
    say(`round ${round.n}: ${round.faults.map(({ id, name }) => `${id} ${name}`).join(' + ')}`);
    const done = await playRound(stack, workload, round);
    played.push(...done.played);
    losses.push(...done.losses);
    told.push(...done.told);
    for (const { fault, notes } of done.played) for (const note of notes) say(`  ${fault.id}: ${note}`);
    await pause(round.restMs);
    const at = wallClock();
    const report = await auditor.audit({ acks: acksOf(watch.history, losses) }).catch(() => null);
    if (report) audits.push({ at, report });
    const wrong = report?.checks.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
    if (wrong && wrong.length > 0) say(`  the audit found: ${wrong.join(', ')}`);
  }

  const overAt = wallClock();
  say('the buyers go home; waiting for what is under way');
  await workload.ask('finish', undefined);
  const red = form === 'long' || (await controls(servers, ['index', 'owner'], join(out, 'logs')));
  const end = await lookAtTheEnd(stack, workload);
  await watch.stop();
  audits.push({ at: wallClock(), report: await auditor.audit({ acks: acksOf(watch.history, losses) }) });
  const seen: Evidence = {
    ...{ history: watch.history, looks: watch.looks, losses, played, audits, told, overAt, ...end },
    residentAtMost: RESIDENT_AT_MOST
  };
  const report = makeReport(seed, Math.round((performance.now() - began) / 1000), seen, check(seen));
  console.log(`\n${tableOf(report)}`);
  await writeFile(join(out, 'report.json'), JSON.stringify(report, null, 2));
  await writeFile(join(out, 'history.ndjson'), watch.history.map((op) => JSON.stringify(op)).join('\n'));
  return report.ok && red;
}

const options = optionsOrEnd();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
try {
  options.out = resolve(options.out);
  await rm(options.out, { recursive: true, force: true });
  await mkdir(options.out, { recursive: true });
  say('starting Postgres, two Redis, a mail server, two nodes behind a proxy, and a worker');
  const servers = await openServers();
  closers.push(() => servers.stop());
  const ok =
    options.broken === null
      ? await chaos(options, servers)
      : // What a control finds is what the exit code of a real run would say.
        !(await controls(servers, [options.broken], join(options.out, 'logs')));
  await closeAll();
  console.log(`\nseed ${options.seed}; the same again: ${options.again}`);
  process.exit(ok ? 0 : 1);
} catch (error) {
  console.error(`✗ ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  await closeAll();
  process.exit(2);
}
