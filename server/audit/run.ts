import { realpath } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findRunning } from '../embedded/running.ts';
import { createLog } from '../log.ts';
import { dataDirOf, setting } from '../setting.ts';
import { auditTable, openAuditor, readAcks, type Auditor, type AuditReport } from './audit.ts';

/** `npm run audit`: is anything sold twice, lost, or in two hands? */
const HELP = `npm run audit -- [options]

Looks at every invariant that state can show, over Postgres, Redis and the seat log, and prints a table with the rows
that prove what is broken. Nothing is changed. What is found must be found again a second later to count, so a running
sale can be looked at.

  --acks DIR    also compare what a load run was acknowledged (its --out folder) with what is stored
  --watch       again and again, until Ctrl-C
  --every 5s    with --watch: the pause between two audits, in seconds
  --json        the report as JSON on standard output
  --help        this

Looks at DATABASE_URL and REDIS_URL (and REDIS_PREFIX) where they are set, else at the demo that runs on DATA_DIR (.data).
Exit code: 0 nothing is broken, 1 something is, 2 it could not look.
`;

const EVERY_S = 5;

function optionsOrEnd() {
  try {
    const options = {
      acks: { type: 'string' },
      watch: { type: 'boolean' },
      every: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' }
    } as const;
    const { values } = parseArgs({ options, strict: true, allowPositionals: false });
    const every = Number(/^(\d+)s?$/.exec(values.every ?? String(EVERY_S))?.[1]);
    if (!(every >= 1 && every <= 3600)) throw new Error('--every must be 1s to 3600s.');
    return { ...values, every };
  } catch (error) {
    return giveUp(`${error instanceof Error ? error.message : String(error)} See --help.`);
  }
}

function giveUp(line: string): never {
  console.error(`✗ ${line}`);
  process.exit(2);
}

async function addresses() {
  const env = process.env;
  const redisPrefix = env['REDIS_PREFIX'] ?? '';
  const [databaseUrl, redisUrl] = [setting('DATABASE_URL', env), setting('REDIS_URL', env)];
  if (databaseUrl && redisUrl) return { databaseUrl, redisUrl, redisPrefix };
  const dataDir = dataDirOf(env);
  const running = await findRunning(await realpath(dataDir).catch(() => dataDir));
  if (running)
    return { databaseUrl: databaseUrl ?? running.databaseUrl, redisUrl: redisUrl ?? running.redisUrl, redisPrefix };
  return giveUp(
    `No demo runs on ${dataDir}. Set DATABASE_URL and REDIS_URL, or DATA_DIR to the folder of one that does.`
  );
}

const options = optionsOrEnd();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

let stopped = false;
const stopping = new Promise<void>((resolve) => {
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
    process.on(event, () => {
      stopped = true;
      resolve();
    });
  }
});

function tell(report: AuditReport) {
  if (options.json) console.log(JSON.stringify(report, null, options.watch ? 0 : 2));
  else if (options.watch && report.ok)
    console.log(`${report.at}  ok: ${report.checks.length} checks, ${report.shows} live shows`);
  else console.log(options.watch ? `${report.at}\n${auditTable(report)}` : auditTable(report));
}

async function look(auditor: Auditor): Promise<boolean> {
  const acks = options.acks === undefined ? {} : { acks: await readAcks(options.acks) };
  let clean = true;
  do {
    const report = await auditor.audit(acks);
    clean &&= report.ok;
    tell(report);
    if (!options.watch) break;
    await Promise.race([stopping, new Promise((resolve) => setTimeout(resolve, options.every * 1000))]);
  } while (!stopped);
  return clean;
}

try {
  const auditor = await openAuditor(await addresses(), createLog('fatal', false));
  const clean = await look(auditor).finally(() => auditor.close());
  process.exit(clean ? 0 : 1);
} catch (error) {
  giveUp(`The audit could not look: ${error instanceof Error ? error.message : String(error)}`);
}
