import { ConfigError, loadConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { seedDemo } from './db/seed.ts';
import { seedTheatre } from './db/seed/theatre.ts';
import { startEmbedded, type Embedded } from './embedded/embedded.ts';
import { freePort } from './embedded/processes.ts';
import { openTheatre, type Theatre } from './embedded/theatre/theatre.ts';
import { createLog } from './log.ts';
import { startServer, type Running } from './serve.ts';
import { dataDirOf, setting } from './setting.ts';

/** `npm run demo`: everything Fullhouse needs, started privately, filled with a programme, and served. */
const HARD_LIMIT_MS = 20_000;
const USUAL_PORT = 3000;
const say = (line: string) => console.log(`• ${line}`);

let embedding: Promise<Embedded> | undefined;
let running: Running | undefined;
let theatre: Theatre | undefined;
let stopping = false;

async function stop(code: number) {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(code || 1), HARD_LIMIT_MS).unref();
  const complain = (error: unknown) => console.error(`✗ ${String(error)}`);
  await theatre?.close();
  await running?.close().catch(complain);
  // Asked to stop while it starts: what is being started must be there before it can be stopped.
  const embedded = await embedding?.catch(() => undefined);
  await embedded?.stop().catch(complain);
  process.exit(code);
}

// A second Ctrl-C while things are being stopped must not tear them apart.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));
// bootstrap.js was killed: nobody is left who could stop us.
process.on('disconnect', () => void stop(0));

async function portToUse(): Promise<number> {
  const wanted = process.env['PORT'];
  if (wanted) {
    const port = Number(wanted);
    if (port > 0 && port < 65536) {
      await freePort(port).catch(() => {
        throw new Error(`Port ${port} is taken: set PORT to another one, or leave PORT out.`);
      });
    }
    return port;
  }
  return freePort(USUAL_PORT).catch(() => freePort());
}

try {
  const started = performance.now();
  const env = process.env;
  const port = await portToUse();
  embedding = startEmbedded(
    dataDirOf(env),
    {
      ...{ databaseUrl: setting('DATABASE_URL', env), redisUrl: setting('REDIS_URL', env) },
      ...{ smtpUrl: setting('SMTP_URL', env), secret: setting('SECRET', env) }
    },
    say
  );
  const embedded = await embedding;
  const config = loadConfig({
    ...env,
    ...{ MODE: 'demo', PORT: String(port), ORIGIN: env['ORIGIN'] ?? `http://localhost:${port}` },
    ...{ DATABASE_URL: embedded.databaseUrl, REDIS_URL: embedded.redisUrl, SMTP_URL: embedded.smtpUrl },
    ...{ SECRET: embedded.secret, LOG_LEVEL: env['LOG_LEVEL'] ?? 'warn' }
  });
  const log = createLog(config.logLevel, true);
  const db = openDatabase(config.databaseUrl, log);
  await migrate(db, log);
  await seedDemo({ db, log, say });
  let show = '';
  theatre = await openTheatre(await freePort(port + 1).catch(() => freePort()), () => ({
    origin: config.origin,
    show
  }));
  show = await seedTheatre(db, theatre.origin);
  await db.close();
  running = await startServer(config, { log, inbox: embedded.inbox });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`
  Fullhouse is open (ready in ${seconds} s):  ${config.origin}

  Sign in as   customer@sample.com, organizer@sample.com, staff@sample.com or admin@sample.com
  Password     1234
  Mails        ${config.origin}/dev/mail
  Embedded     ${theatre.origin} (a seat map on another site)
  Stop         Ctrl-C (the data stays in ${config.dataDir})
`);
} catch (error) {
  // What fails because it is being stopped is no news.
  if (stopping) await new Promise(() => undefined);
  const lines = error instanceof ConfigError ? error.lines : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) console.error(`✗ ${line}`);
  if (!(error instanceof ConfigError) && process.env['LOG_LEVEL'] === 'debug') console.error(error);
  await stop(1);
}
