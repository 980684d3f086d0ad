import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { App } from './app.ts';
import { answersHealth } from './health.ts';
import { answersMetrics } from './metrics.ts';

/** What machines ask of a process: /livez, /readyz and /metrics. Answers whether it was one of these. */
export function answersMachines(app: App, request: IncomingMessage, response: ServerResponse, goingDown: boolean) {
  return (
    answersHealth(app.health, request, response, goingDown) ||
    answersMetrics({ ...app, token: app.config.metricsToken }, request, response)
  );
}

/** A server for nothing else, of a process that has no pages. */
export async function listenForMachines(app: App, port: number, goingDown: () => boolean): Promise<Server> {
  const server = createServer((request, response) => {
    if (!answersMachines(app, request, response, goingDown())) response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, app.config.host, resolve);
  });
  return server;
}
