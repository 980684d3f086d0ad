import { expect, showOf, test } from './visitor.ts';

/** What has been drawn stays where it is, also when fonts, pictures, scripts and the plan come. */
declare global {
  interface Window {
    moved: string[];
  }
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.moved = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        sources: { node: Node | null }[];
      })[]) {
        const what = entry.sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 80) : ''));
        // Less than this is no pixel of anything that can be seen.
        if (entry.value > 0.0005) window.moved.push(`${entry.value.toFixed(4)} ${what.join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
});

for (const [name, width, height] of [
  ['on a phone', 390, 844],
  ['on a desktop', 1440, 900]
] as const) {
  test(`nothing on the home, event and show pages moves while they come, ${name}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const show = await showOf(page, 'night-train-to-leh');
    for (const path of ['/', '/events/night-train-to-leh', show]) {
      await page.goto(path, { waitUntil: 'load' });
      await page.evaluate(() => document.fonts.ready);
      if (path === show) await expect(page.getByText(/\d+ watching/)).toBeVisible();
      await expect.poll(() => page.evaluate(() => document.fonts.status)).toBe('loaded');
      expect(await page.evaluate(() => window.moved), path).toEqual([]);
    }
  });
}

test('words are in our own letters', async ({ page }) => {
  await page.goto('/');
  await page.evaluate(() => document.fonts.ready);
  const client = await page.context().newCDPSession(page);
  await client.send('DOM.enable');
  await client.send('CSS.enable');
  const { root } = await client.send('DOM.getDocument');
  const familiesOf = async (selector: string) => {
    const { nodeId } = await client.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await client.send('CSS.getPlatformFontsForNode', { nodeId });
    return fonts.map(({ familyName, isCustomFont }) => `${familyName}${isCustomFont ? '' : ' of this machine'}`);
  };
  expect(await familiesOf('h1')).toEqual([expect.stringMatching(/^Fraunces(?!.*of this machine)/)]);
  expect(await familiesOf('header nav')).toEqual([expect.stringMatching(/^Inter(?!.*of this machine)/)]);
});
