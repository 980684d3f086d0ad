import { loadConfig } from '../../server/config.ts';
import { startServer } from '../../server/serve.ts';
import { answerParent } from '../../server/child.ts';
import { startApi } from '../integration/api-server.ts';

/** The whole service in a process of its own: as in production, or (PAGES=sources) without a build of the pages. */
const config = loadConfig();
const running = process.env['PAGES'] === 'sources' ? await startApi(config) : await startServer(config);

const api = { url: () => running.url };
export type ServiceApi = typeof api;
answerParent(api, () => running.close());
