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

    await test.step('the map speaks the language of the page around it, or the one that the page names', async () => {
      await page.goto(theatre.origin);
      const list = frame.locator('summary');
      await expect(list).toHaveText('Choose from a list');
      const name = (language: string, of: string) =>
        page.evaluate(([to = '', on = '']) => document.querySelector(on)?.setAttribute('lang', to), [language, of]);
      await name('de-AT', 'fullhouse-map');
      await expect(list).toHaveText('Aus einer Liste wählen');
      await name('hi', 'html');
      await expect(list).toHaveText('Aus einer Liste wählen');
      await page.evaluate(() => document.querySelector('fullhouse-map')?.removeAttribute('lang'));
      await expect(list).toHaveText('सूची से चुनें');
    });
  } finally {
    await theatre.close();
  }
});

test('the wheel over the map scrolls the page around it, and zooms the map while Ctrl is held', async ({
  page,
  request,
  baseURL
}) => {
  const { show, ask } = await ownShow(request, 'Among other things');
  const theatre = await openTheatre(0, () => ({ origin: baseURL ?? '', show }));
  try {
    await ask('POST /embed-sites', { origin: theatre.origin });
    await page.setViewportSize({ width: 1100, height: 560 });
    await page.goto(theatre.origin);
    await expect(heard(page, 'ready')).toContainText(show);
    const frame = page.frameLocator('fullhouse-map iframe');
    const hint = frame.getByText(/^Hold (Ctrl|⌘) while you scroll to zoom the map$/);
    const map = frame.getByRole('application');
    await map.scrollIntoViewIfNeeded();
    const picture = () => map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const scrolled = () => page.evaluate(() => scrollY);
    // The frame lies over the lower edge of the window: there is more of the page to come.
    await page.evaluate(() => scrollTo(0, 0));
    const box = await map.boundingBox();
    if (!box) throw new Error('there is no map');
    await page.mouse.move(box.x + 120, Math.min(540, box.y + 160));
    await expect(hint).toBeHidden();
    const before = await picture();
    await page.mouse.wheel(0, 60);
    await expect.poll(scrolled).toBeGreaterThan(0);
    await expect(hint).toBeVisible();
    await expect(hint).toBeHidden();
    expect(await picture()).toBe(before);

    const there = await scrolled();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -120);
    await page.keyboard.up('Control');
    await expect.poll(picture).not.toBe(before);
    expect(await scrolled()).toBe(there);
  } finally {
    await theatre.close();
  }
});

test('two fingers zoom the map on another site', async ({ browser, request, baseURL }) => {
  const { show, ask } = await ownShow(request, 'Two fingers');
  const theatre = await openTheatre(0, () => ({ origin: baseURL ?? '', show }));
  const page = await browser.newPage({ hasTouch: true });
  try {
    await ask('POST /embed-sites', { origin: theatre.origin });
    await page.goto(theatre.origin);
    await expect(heard(page, 'ready')).toContainText(show);
    const map = page.frameLocator('fullhouse-map iframe').getByRole('application');
    await map.scrollIntoViewIfNeeded();
    const box = await map.boundingBox();
    if (!box) throw new Error('there is no map');
    const picture = () => map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await picture();
    const cdp = await page.context().newCDPSession(page);
    const [x, y] = [box.x + box.width / 2, box.y + 200];
    const fingers = (half: number) => [
      { x: x - half, y, id: 0 },
      { x: x + half, y, id: 1 }
    ];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) });
    for (let n = 1; n <= 8; n++) {
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(30 + 8 * n) });
    }
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect.poll(picture).not.toBe(before);
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  } finally {
    await page.close();
    await theatre.close();
  }
});

test('one finger over the map scrolls the page around it, until the map is looked at closely', async ({
  browser,
  request,
  baseURL
}) => {
  const { show, ask } = await ownShow(request, 'One finger');
  const theatre = await openTheatre(0, () => ({ origin: baseURL ?? '', show }));
  const page = await browser.newPage({ hasTouch: true, viewport: { width: 390, height: 700 } });
  try {
    await ask('POST /embed-sites', { origin: theatre.origin });
    await page.goto(theatre.origin);
    await expect(heard(page, 'ready')).toContainText(show);
    const map = page.frameLocator('fullhouse-map iframe').getByRole('application');
    const cdp = await page.context().newCDPSession(page);
    const picture = () => map.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const scrolled = () => page.evaluate(() => scrollY);
    /** How far the page went while a finger went up over the map. */
    const drag = async () => {
      await page.evaluate(() => scrollTo(0, 0));
      const box = await map.boundingBox();
      if (!box) throw new Error('there is no map');
      const [x, y] = [box.x + box.width / 2, Math.min(box.y + 300, 660)];
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
      for (let n = 1; n <= 8; n++) {
        await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: y - 12 * n }] });
      }
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      return scrolled();
    };
    const whole = await picture();
    await expect.poll(drag).toBeGreaterThan(30);
    expect(await picture()).toBe(whole);

    const frame = page.frameLocator('fullhouse-map iframe');
    for (let n = 0; n < 3; n++) await frame.getByRole('button', { name: 'Zoom in' }).tap();
    await expect(map.locator('canvas')).toHaveCSS('touch-action', 'none');
    // The zoom has come to its end.
    let near = '';
    await expect.poll(async () => near === (near = await picture())).toBe(true);
    expect(near).not.toBe(whole);
    expect(await drag()).toBe(0);
    await expect.poll(picture).not.toBe(near);
  } finally {
    await page.close();
    await theatre.close();
  }
});

test('in a narrow frame nothing lies over anything else: title, stage and what the colours mean', async ({
  page,
  request
}) => {
  const { show } = await ownShow(request, 'A narrow frame with a title that takes more than the room there is');
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`/embed/shows/${show}`);
  const [title, legend] = [page.getByRole('heading', { level: 1 }), page.getByText('booked', { exact: true })];
  await expect(legend).toHaveCount(2);
  await expect(legend.first()).toBeHidden();
  await expect(legend.last()).toBeVisible();
  const [over, below] = [await title.boundingBox(), await legend.last().boundingBox()];
  const map = await page.getByRole('application').boundingBox();
  if (!over || !below || !map) throw new Error('something is not there');
  expect(below.y).toBeGreaterThanOrEqual(map.y + map.height);
  // The house begins 84 px below the map's upper edge.
  const when = await page.getByText(/ time\) · /).boundingBox();
  expect((when?.y ?? Infinity) + (when?.height ?? 0)).toBeLessThan(map.y + 84);
});
