import { expect, it } from 'vitest';
import { holdSeats, makeBuyer, must, openHouse, until } from './house.ts';
import { dies } from './killed.ts';
import { makeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** What is promised (ms), from the moment at which it should have run. */
const BACK_WITHIN_MS = 10_000;

it(
  'a schedule that was lost with the worker that had its job is back within ten seconds',
  { timeout: 60_000 },
  async ({ onTestFinished }) => {
    const config = await makeConfig();
    const house = await openHouse(config);
    onTestFinished(() => house.close());
    const show = await makeShow(house.db, 4);
    const ada = await makeBuyer(house.db);
    const hold = await holdSeats(house, show.id, ada.buyer, [1]);
    const { booking } = must(await house.booking.checkout(ada, { holdId: hold.id }, 'key'));

    await dies(config, 'clock-child.ts', { point: 'expire-bookings' });
    const killed = Date.now();
    // Only the clock can end it now.
    await house.db.query(`update outbox set done_at = now() where kind = 'booking.expire'`);
    await house.db.query(`update booking set expires_at = now() where id = $1`, [booking.id]);
    await house.jobs.start();
    await until('the clock ticks', async () => (await house.booking.view(booking.id, ada.user.id).then(must)).booking.status === 'EXPIRED', 45_000); // prettier-ignore
    expect(Date.now() - killed).toBeLessThan(BACK_WITHIN_MS);
  }
);
