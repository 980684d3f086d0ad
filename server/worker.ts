import { createApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { listenForMachines } from './machines.ts';
import { startTracing } from './tracing/start.ts';

/** The jobs as a process of their own: relay, mails, expiry of bookings, payments whose webhook never came. */
const HARD_LIMIT_MS = 30_000;

try {
  const config = loadConfig();
  const stopTracing = await startTracing(config);
  const app = createApp(config);
  app.payments.setBaseUrl(config.origin);
  await app.jobs.start();
  let goingDown = false;
  const server = config.workerPort === null ? null : await listenForMachines(app, config.workerPort, () => goingDown);
  app.log.info({ port: config.workerPort }, 'the worker runs');
  const stop = (signal: string) => {
    goingDown = true;
    app.log.info({ signal }, 'going down');
    setTimeout(() => process.exit(1), HARD_LIMIT_MS).unref();
    // Takes no new jobs and finishes those it has; what does not come to its end in time another worker does again.
    void app
      .close()
      .then(stopTracing)
      .then(() => {
        server?.close();
        process.exit(0);
      });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines) console.error(`The worker cannot start: ${line}`);
  process.exit(1);
}
