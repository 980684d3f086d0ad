import { ownShow } from './own-show.ts';
import { sound } from './sound.ts';
import { expect, openList, takeSeat, test } from './visitor.ts';

test('a visitor comes from a hot show into its waiting room, and from there to a seat', async ({ page, request }) => {
  const { show, ask } = await ownShow(request, `The Hot Night ${Date.now()}`);
  await ask(`PATCH /shows/${show}`, { roomPerMinute: 6000 });
  await expect(async () => {
    expect((await ask(`GET /shows/${show}/waiting-room`))['phase']).toBe('open');
  }).toPass();
  await ask(`POST /shows/${show}/waiting-room/pause`);

  await page.goto(`/shows/${show}`);
  await expect(page).toHaveURL(`/shows/${show}/waiting-room`);
  await expect(page.getByText('connected', { exact: true }).or(page.getByText(/waits? now/))).toBeVisible();
  await page.getByRole('button', { name: 'Enter the waiting room' }).click();
  await expect(page.getByRole('heading', { name: 'You are next' })).toBeVisible();
  await expect(page.getByText('Nobody is let in at this moment.')).toBeVisible();
  await sound(page, 'waiting room');
  // Coming back to the seats leads into the room again, to the same place.
  await page.goto(`/shows/${show}`);
  await expect(page.getByRole('heading', { name: 'You are next' })).toBeVisible();

  await ask(`POST /shows/${show}/waiting-room/resume`);
  await expect(page).toHaveURL(`/shows/${show}`);
  await openList(page, `/shows/${show}`, 'Tables');
  await takeSeat(page);
  await expect(page.getByRole('link', { name: 'Continue to checkout' })).toBeVisible();
});
