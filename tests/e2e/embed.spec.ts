import type { FrameLocator, Page } from '@playwright/test';
import { openTheatre } from '../../server/embedded/theatre/theatre.ts';
import { ownShow } from './own-show.ts';
import { expect, test } from './visitor.ts';

/** A theatre's site of its own origin: what it is told goes into the list on its page. */
const heard = (page: Page, name: string) => page.locator('ol li', { hasText: `fullhouse:${name} ` });

/** Where a seat is, the map says itself, to whoever points at it. */
async function clickSeat(page: Page, frame: FrameLocator) {
  const box = await frame.getByRole('application').boundingBox();
  if (!box) throw new Error('there is no map');
  const tip = frame.getByText(/, available$/);
  for (let step = 0; step < 400; step++) {
    const [column, row] = [step % 20, Math.floor(step / 20)];
    await page.mouse.move(box.x + ((column + 0.5) / 20) * box.width, box.y + ((row + 0.5) / 20) * box.height);
    if (!(await tip.last().isVisible())) continue;
    await page.mouse.down();
    await page.mouse.up();
    return;
  }
  throw new Error('no seat was found to click');
}

test('a seat map stands on a theatre’s own site: seats are chosen there, and paid for here', async ({
  page,
  request,
  baseURL
}) => {
  const { show, ask } = await ownShow(request, 'On another site');
  const theatre = await openTheatre(0, () => ({ origin: baseURL ?? '', show }));
  try {
    await test.step('a site that is on no list is refused by the browser, and says so', async () => {
      await page.goto(theatre.origin);
      await expect(heard(page, 'error')).toContainText('NOT_SHOWN', { timeout: 30_000 });
      const map = page.locator('fullhouse-map');
      // What the site has put into the element, for just this.
      await expect(map.getByRole('link', { name: 'Choose seats for The Cherry Orchard' })).toBeVisible();
      await expect(map.getByRole('link', { name: /^Choose seats on / })).toHaveAttribute(
        'href',
        `${baseURL ?? ''}/shows/${show}`
      );
      await expect(page.frameLocator('fullhouse-map iframe').getByRole('application')).toHaveCount(0);
      expect(await heard(page, 'ready').count()).toBe(0);
    });

    await ask('POST /embed-sites', { origin: theatre.origin });
    await page.goto(theatre.origin);
    const frame = page.frameLocator('iframe[title="Choose seats for The Cherry Orchard"]');
    await expect(heard(page, 'ready')).toContainText(show);

    await test.step('a click on the map takes the seat, and the page is told of it', async () => {
      await clickSeat(page, frame);
      await expect(heard(page, 'selection')).toHaveCount(1);
      await expect(page.locator('.choice')).toContainText('kept for you until');
      await expect(frame.getByRole('timer')).toBeVisible();
    });

    const seats = await page.evaluate(() => {
      const map = document.querySelector('fullhouse-map');
      return map && 'selection' in map ? JSON.stringify(map.selection) : '';
    });
    const selection = JSON.parse(seats) as { total: number };
    expect(selection).toMatchObject({ show, currency: 'EUR', seats: [{ price: selection.total }] });
    expect(selection.total).toBeGreaterThan(0);

    await test.step('nothing of ours follows it there: no cookie, and no way in to what the frame knows', async () => {
      expect(await page.context().cookies()).toEqual([]);
      const inside = await page.evaluate(() => {
        const frame = document.querySelector('fullhouse-map')?.shadowRoot?.querySelector('iframe');
        return frame?.contentDocument ?? null;
      });
      expect(inside).toBeNull();
    });

    await test.step('the checkout is on our own page, with the same seats and the time that is left', async () => {
      await frame.getByRole('button', { name: 'Continue to checkout' }).click();
      await expect(page).toHaveURL(/\/sign-in\?next=%2Fcheckout/);
      expect(new URL(page.url()).origin).toBe(baseURL);
      expect(page.url()).not.toContain('g_');
      await page.goto(`/shows/${show}`);
      await expect(page.getByRole('timer')).toHaveText(/^(10:00|9:[0-5]\d)$/);
      await expect(page.getByRole('list', { name: 'Your seats' }).getByRole('listitem')).toHaveCount(1);
    });
  } finally {
    await theatre.close();
  }
});
