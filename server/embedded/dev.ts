import { createServer } from 'vite';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { seedDemo } from '../db/seed.ts';
import { createLog } from '../log.ts';
import { dataDirOf, setting } from '../setting.ts';
import { startEmbedded } from './embedded.ts';

/** `npm run dev`: the demo's database and programme, Redis and mail catcher, and the pages under Vite with hot reload. */
const HARD_LIMIT_MS = 20_000;
const env = process.env;
const say = (line: string) => console.log(`• ${line}`);
const embedded = await startEmbedded(
  dataDirOf(env),
  {
    databaseUrl: setting('DATABASE_URL', env),
    redisUrl: setting('REDIS_URL', env),
    smtpUrl: setting('SMTP_URL', env),
    secret: setting('SECRET', env)
  },
  say
);
if (setting('DATABASE_URL', env) === undefined) {
  // The embedded database is ours to fill; one that was named is not.
  const log = createLog('warn', true);
  const db = openDatabase(embedded.databaseUrl, log);
  await migrate(db, log);
  await seedDemo({ db, log, say });
  await db.close();
}
env['MODE'] ??= 'development';
env['DATABASE_URL'] = embedded.databaseUrl;
env['REDIS_URL'] = embedded.redisUrl;
env['SMTP_URL'] = embedded.smtpUrl;
env['SECRET'] = embedded.secret;
Reflect.set(globalThis, Symbol.for('fullhouse.inbox'), embedded.inbox);

const vite = await createServer({ server: { port: Number(env['PORT'] ?? 3000), host: '127.0.0.1' } });
await vite.listen();
vite.printUrls();

let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), HARD_LIMIT_MS).unref();
  void vite
    .close()
    .then(() => embedded.stop())
    .then(() => process.exit(0));
};
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(event, stop);
