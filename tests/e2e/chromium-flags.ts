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

/** No GPU, and nothing that the browser would do by itself meanwhile. */
export const CHROMIUM_FLAGS: readonly string[] = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', `--disable-features=${SWITCHED_OFF.join(',')}`]
];
