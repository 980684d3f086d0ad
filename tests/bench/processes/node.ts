import { loadConfig } from '../../../server/config.ts';
import { startServer } from '../../../server/serve.ts';
import { answerParent, usage } from '../../../server/child.ts';

/** The service itself: the whole app with its sockets, without pages and without jobs of its own. */
const running = await startServer(loadConfig(), { handler: (_, response) => response.end() });

const api = {
  url: () => running.url,
  usage
};
export type NodeApi = typeof api;
answerParent(api, () => running.close());
