import { defineConfig, devices } from '@playwright/test';
import { CHROMIUM_FLAGS } from './chromium-flags.ts';

/** The real product, seeded and built, in the real Chromium. `house.ts` starts it and says where it is. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './house.ts',
  workers: 2,
  // A look of axe at a page takes seconds, and tests that walk through many pages do little else.
  timeout: 300_000,
  expect: {
    timeout: 10_000,
    // Pictures of looks.spec.ts. Another machine of the same kind draws edges a little differently.
    toHaveScreenshot: {
      ...{ maxDiffPixelRatio: 0.002, threshold: 0.1 },
      stylePath: `${import.meta.dirname}/looks/still.css`
    }
  },
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  // No second try: a test that passes the other time hides a fault.
  retries: 0,
  reporter: [['list'], ['json']],
  use: {
    launchOptions: {
      executablePath,
      args: [...CHROMIUM_FLAGS]
    },
    trace: 'off',
    screenshot: 'only-on-failure'
  },
  projects: [
    {
      name: 'desktop',
      // What stands between a page and the network is the phone's subject; here tests stand there themselves.
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' },
      testIgnore: /(phone-[a-z]+|looks)\.spec\.ts$/
    },
    {
      name: 'phone',
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } },
      testMatch: /(phone-[a-z]+|access)\.spec\.ts$/
    },
    {
      // Pictures are of one browser and its fonts, and take minutes: `npm run test:looks`, not `npm test`.
      name: 'looks',
      use: { ...devices['Desktop Chrome'], serviceWorkers: 'block' },
      testMatch: /looks\.spec\.ts$/
    }
  ]
});
