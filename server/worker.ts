import { createApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';

/** The jobs as a process of their own: relay, mails, expiry of bookings, payments whose webhook never came. */
const HARD_LIMIT_MS = 30_000;

try {
  const config = loadConfig();
  const app = createApp(config);
  app.payments.setBaseUrl(config.origin);
  await app.jobs.start();
  app.log.info('the worker runs');
  const stop = (signal: string) => {
    app.log.info({ signal }, 'going down');
    setTimeout(() => process.exit(1), HARD_LIMIT_MS).unref();
    void app.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines) console.error(`The worker cannot start: ${line}`);
  process.exit(1);
}
