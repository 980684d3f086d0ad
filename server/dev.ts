import type { Server } from 'node:http';
import type { Plugin } from 'vite';
import type * as AppModule from './app.ts';
import type * as ConfigModule from './config.ts';
import type * as MigrateModule from './db/migrate.ts';
import type { Inbox } from './embedded/inbox.ts';
import type * as MachinesModule from './machines.ts';

const load = async <T>(file: string) => (await import(new URL(file, import.meta.url).href)) as T;

/**
 * The same App under `vite dev`: made once, before the first request, and kept where src/hooks.server.ts finds it.
 * Pages, API and sockets share it as they do in production.
 */
export function fullhouse(): Plugin {
  return {
    name: 'fullhouse',
    apply: 'serve',
    async configureServer(vite) {
      // Tests and tools read this configuration too; only `npm run dev` names a database.
      if (process.env['DATABASE_URL'] === undefined || process.env['VITEST'] !== undefined) return;
      // By computed addresses: Vite bundles this file with its configuration, and the server must stay one module graph.
      const { APP_KEY, createApp } = await load<typeof AppModule>('app.ts');
      const { loadConfig } = await load<typeof ConfigModule>('config.ts');
      const { answersMachines } = await load<typeof MachinesModule>('machines.ts');
      const { migrate } = await load<typeof MigrateModule>('db/migrate.ts');
      const inbox: unknown = Reflect.get(globalThis, Symbol.for('fullhouse.inbox'));
      const app = createApp(loadConfig(), { inbox: (inbox ?? null) as Inbox | null });
      await migrate(app.db, app.log);
      await app.cache.forgetAll();
      Reflect.set(globalThis, APP_KEY, app);
      vite.middlewares.use((request, response, next) => {
        if (!answersMachines(app, request, response, false)) next();
      });
      // Vite's own HTTP server: Socket.IO takes the upgrades of its path, Vite keeps those of its own.
      if (vite.httpServer) app.live.attach(vite.httpServer as Server);
      app.waitingRoom.start();
      vite.httpServer?.once('listening', () => {
        const address = vite.httpServer?.address();
        if (typeof address === 'object' && address) app.payments.setBaseUrl(`http://localhost:${address.port}`);
        if (app.config.worker === 'inline') void app.jobs.start();
      });
      vite.httpServer?.once('close', () => void app.close());
    }
  };
}
