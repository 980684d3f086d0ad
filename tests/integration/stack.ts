import { inject } from 'vitest';
import type { Config } from '../../server/config.ts';
import { configOn } from './configuration.ts';

/** A configuration with a database and a Redis prefix of its own: tests do not see each other. */
export const makeConfig = (overrides: Record<string, string> = {}): Promise<Config> =>
  configOn({ postgresServer: inject('postgresServer'), redisUrl: inject('redisUrl') }, overrides);
