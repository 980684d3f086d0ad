import { loadConfig } from '../../../server/config.ts';
import { startServer } from '../../../server/serve.ts';
import { answerParent } from '../../../server/child.ts';

/** The service with the pages as they are built. */
const running = await startServer(loadConfig());

const api = {
  url: () => running.url
};
export type SiteApi = typeof api;
answerParent(api, () => running.close());
