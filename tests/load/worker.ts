import { createApp } from '../../server/app.ts';
import { answerParent } from '../../server/child.ts';
import { loadConfig } from '../../server/config.ts';

/** The jobs in a process of their own, as in production: whoever draws tickets keeps no click waiting. */
const app = createApp(loadConfig());

const api = {
  /** `url` is where the sandbox's messages go. */
  async start(url: string) {
    app.payments.setBaseUrl(url);
    await app.jobs.start();
  }
};
export type WorkerApi = typeof api;
answerParent(api, () => app.close());
