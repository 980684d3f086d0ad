import { ConfigError, loadConfig } from './config.ts';
import { createLog } from './log.ts';
import { startServer } from './serve.ts';

/** Fullhouse in production: configuration from the environment, until SIGTERM. */

/** Beside what draining takes by itself: requests and jobs under way, and closing. Then the process ends in any case. */
const HARD_LIMIT_MS = 25_000;

try {
  const config = loadConfig();
  const log = createLog(config.logLevel, config.mode !== 'production');
  const running = await startServer(config, { log });
  const stop = (signal: string) => {
    log.info({ signal }, 'going down');
    setTimeout(() => process.exit(1), config.drain.waitMs + config.drain.socketsMs + HARD_LIMIT_MS).unref();
    // Who presses Ctrl-C sits in front of it and has no proxy that would have to notice first.
    const drained = signal === 'SIGTERM' ? running.drain() : Promise.resolve();
    void drained.then(() => running.close()).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  for (const line of error.lines) console.error(`Fullhouse cannot start: ${line}`);
  process.exit(1);
}
