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
