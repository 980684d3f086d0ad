import { defineConfig, devices } from '@playwright/test';

/** The real product, seeded and built, in the real Chromium. `house.ts` starts it and says where it is. */
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/**
 * Chromium loads two pages of its own into every new window, of the suggestions under its address bar, and keeps a
 * process ready for a page that never comes: together 40 % of what a new window costs. No window here has an eye on it.
 * It goes by the last list it is given: the others are those Playwright 1.65 switches off.
 */
const SWITCHED_OFF = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'LensOverlay'],
  ...['HttpsFirstBalancedModeAutoEnable', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin', 'OptimizationHints', 'AimEnabled'],
  ...['NetworkTimeServiceQuerying', 'PreconnectToSearch']
];

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
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--disable-features=${SWITCHED_OFF.join(',')}`
      ]
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
