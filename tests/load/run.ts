import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { auditTable, openAuditor, type Auditor } from '../../server/audit/audit.ts';
import { findRunning } from '../../server/embedded/running.ts';
import { createLog } from '../../server/log.ts';
import { dataDirOf } from '../../server/setting.ts';
import { demandDescriptors } from '../bench/hall.ts';
import { startServices } from '../integration/services.ts';
import { demandOwnHost, isLoopback } from './hosts.ts';
import { runLoad } from '../../server/rehearsal/buyers/run-load.ts';
import { HELP, OptionError, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import { makeReport, writeReport } from './report.ts';
import { startStack } from './stack.ts';

/** `npm run load`: buyers by the thousand, and a proof that nothing was sold twice. */
const closers: (() => Promise<unknown>)[] = [];
const closeAll = async () => {
  for (const close of closers.splice(0).reverse())
    await close().catch((error: unknown) => console.error(String(error)));
};
const giveUp = async (line: string): Promise<never> => {
  console.error(`✗ ${line}`);
  await closeAll();
  process.exit(2);
};
const lineOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function optionsOrEnd() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(`✗ ${error.message}`);
    process.exit(2);
  }
}

const options = optionsOrEnd();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
// Ctrl-C, or bootstrap.js was killed: what was started goes with us.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(event, () => void closeAll().finally(() => process.exit(1)));
}
const progress = createProgress(process.stderr);
const say = (line: string) => progress.line(`• ${line}`);

/** The audit of a deployment that was named: where its parts are known. */
async function auditorOf(url: string): Promise<Auditor | null> {
  const env = process.env;
  const dataDir = dataDirOf(env);
  const given =
    env['DATABASE_URL'] && env['REDIS_URL']
      ? { databaseUrl: env['DATABASE_URL'], redisUrl: env['REDIS_URL'] }
      : isLoopback(new URL(url).hostname)
        ? await findRunning(await realpath(dataDir).catch(() => dataDir))
        : null;
  return given ? openAuditor({ ...given, redisPrefix: env['REDIS_PREFIX'] ?? '' }, createLog('fatal', false)) : null;
}

async function ownStack() {
  say('Starting a stack of its own: Postgres, Redis, the service with its jobs, mail …');
  const services = await startServices(say, ['--appendonly', 'no']);
  closers.push(() => services.stop());
  const stack = await startStack(services, { seats: options.seats, pages: 'built' });
  closers.push(() => stack.stop());
  const auditor = await openAuditor(stack.config, createLog('fatal', false));
  return { url: stack.url, show: stack.show, auditor };
}

try {
  demandDescriptors(Math.ceil((options.buyers * 1.2) / (options.url === null ? 1 : options.processes)));
  if (options.url !== null) await demandOwnHost(options.url, resolve(options.hosts));
  const at =
    options.url === null
      ? await ownStack()
      : { url: options.url, show: options.show, auditor: await auditorOf(options.url) };
  const { auditor } = at;
  if (auditor) closers.push(() => auditor.close());
  const result = await runLoad(at.url, at.show, options, { say, second: (second) => progress.second(second), auditor });
  const report = makeReport(result, options);
  const file = await writeReport(report, options.out);
  if (result.audit) console.log(`\n${auditTable(result.audit)}\n`);
  else say(`No audit: run it where the deployment’s Postgres and Redis are: npm run audit -- --acks ${options.out}`);
  for (const { name, limit, is, kept } of report.thresholds)
    console.log(`${kept ? '✓' : '✗'} ${name}: ${is} (${limit})`);
  for (const detail of report.errorDetails.slice(0, 10)) console.log(`  ${detail}`);
  console.log(`Report: ${file}`);
  await closeAll();
  process.exit(report.ok ? 0 : 1);
} catch (error) {
  await giveUp(lineOf(error));
}
