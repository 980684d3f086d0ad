import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import { fullhouse } from './server/dev.ts';

export default defineConfig({
  plugins: [sveltekit(), fullhouse()],
  build: { target: 'es2022' },
  test: {
    projects: [
      {
        extends: true,
        // A busy machine is no fault: a test fails by what it finds, not by how long it took.
        test: {
          name: 'unit',
          maxWorkers: 2,
          testTimeout: 30_000,
          include: [
            'src/**/*.test.ts',
            'server/**/*.test.ts',
            'tests/load/**/*.test.ts',
            'tests/chaos/**/*.test.ts',
            'tests/dependencies/**/*.test.ts'
          ]
        }
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/integration/services.ts'],
          // The pages as they were built: to be served, not to be compiled once more.
          server: { deps: { external: [/\/build\//] } },
          maxWorkers: 2,
          // Each file has its own database and keys; loading the whole server anew for each took a third of the time.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      }
    ]
  }
});
