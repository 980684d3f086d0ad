import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import { holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { dies, takePlace } from './killed.ts';
import { makeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/**
 * A real process is killed with SIGKILL at each step of an offer. Another one starts on the same databases; then every
 * wish has one offer at most, no seat is offered twice, and each offer has its mail.
 */
type Person = Buyer & { email: string };

let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.close());

/** A database of its own for each case, so that they run side by side: Bob holds six seats, Ada and Eve wait, and two come free. */
async function stage(onTestFinished: TestContext['onTestFinished']) {
  await takePlace(onTestFinished);
  const config = await makeConfig({ SMTP_URL: smtp.url });
  // Stays alive all the time, and does no jobs.
  const desk = await openHouse(config);
  onTestFinished(() => desk.close());
  const show = await makeShow(desk.db, 6);
  const [bob, ada, eve] = [await makeBuyer(desk.db), await makeBuyer(desk.db), await makeBuyer(desk.db)];
  await holdSeats(desk, show.id, bob.buyer, [0, 1, 2, 3, 4, 5]);
  for (const each of [ada, eve]) must(await desk.waiting.join(each.user.id, show.id, { count: 2, tiers: [] }));
  must(await desk.seats.release(show.id, bob.buyer, [2, 3]));
  return {
    ...{ desk, show, bob, ada, eve },
    dieAt: (point: FaultPoint, decline: string | null = null) =>
      dies(config, 'waiting-child.ts', { point, show: show.id, decline, user: ada.user.id }),
    async restart(): Promise<House> {
      const again = await openHouse(config, { resendAfterMs: 2000 });
      onTestFinished(() => again.close());
      await again.jobs.start();
      return again;
    },
    wishOf: async (who: Person) => (await desk.waiting.mine(who.user.id))[0]
  };
}
type Stage = Awaited<ReturnType<typeof stage>>;

/** Everything that was offered is held for whom it was offered to, and nothing is held twice or for nobody. */
async function expectWhole({ desk, show, bob }: Stage, offered: Person): Promise<void> {
  await until(
    'the work of the outbox',
    async () => {
      const left = await desk.db.query('select 1 from outbox where done_at is null and due_at <= now()');
      return left.rowCount === 0;
    },
    40_000
  );
  const { rows } = await desk.db.query<{ user_id: string; hold_id: string; seats: number[] }>(
    `select user_id, hold_id, seats from waiting_wish where show_id = $1 and state = 'OFFERED'`,
    [show.id]
  );
  expect(rows).toEqual([{ user_id: offered.user.id, hold_id: rows[0]?.hold_id, seats: [2, 3] }]);
  const { items } = must(await desk.seats.openHolds(show.id, 100));
  const theirs = items.filter(({ buyer }) => buyer !== bob.buyer && buyer !== 'h_waiting');
  expect(theirs.map(({ id, buyer, seats }) => ({ id, buyer, seats }))).toEqual([
    { id: rows[0]?.hold_id, buyer: offered.buyer, seats: [2, 3] }
  ]);
  await until('the mail', () => smtp.to(offered.email).length > 0, 40_000);
}

describe('a process killed on the way to an offer', () => {
  const points: [FaultPoint, number][] = [
    ['waiting:after-hold', 1],
    ['waiting:before-commit', 1],
    ['waiting:after-commit', 1],
    // The server had the mail, and nobody could write that down: a second copy, under the same Message-ID.
    ['mail:after-send', 2]
  ];
  it.concurrent.for(points)(
    'at %s: one offer, its seats, its mail',
    { timeout: 180_000 },
    async ([point, mailsAtMost], { onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt(point);
      await on.restart();
      await until('the offer', async () => (await on.wishOf(on.ada))?.state === 'OFFERED');
      await expectWhole(on, on.ada);
      const mails = smtp.to(on.ada.email);
      expect(mails.length).toBeLessThanOrEqual(mailsAtMost);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
      expect((await on.wishOf(on.eve))?.state).toBe('WAITING');
      expect(smtp.to(on.eve.email)).toEqual([]);
    }
  );

  it.concurrent(
    'at waiting:after-hold, and who waited has left meanwhile: the seats go to the next',
    { timeout: 180_000 },
    async ({ onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt('waiting:after-hold');
      expect(must(await on.desk.seats.ownHold(on.show.id, on.ada.buyer))?.seats).toEqual([2, 3]);
      must(await on.desk.waiting.leave(on.ada.user.id, on.show.id));
      await on.restart();
      await until('the offer to the next', async () => (await on.wishOf(on.eve))?.state === 'OFFERED');
      await expectWhole(on, on.eve);
      expect(smtp.to(on.ada.email)).toEqual([]);
    }
  );

  it.concurrent(
    'at waiting:after-hold, and its buyer has paid for the seats meanwhile: the wish is taken',
    { timeout: 180_000 },
    async ({ onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.dieAt('waiting:after-hold');
      const hold = must(await on.desk.seats.ownHold(on.show.id, on.ada.buyer));
      must(await on.desk.booking.checkout(on.ada, { holdId: hold?.id ?? '' }, 'key'));
      await (await on.restart()).waiting.serve(on.show.id);
      expect((await on.wishOf(on.ada))?.state).toBe('TAKEN');
      expect((await on.wishOf(on.eve))?.state).toBe('WAITING');
    }
  );
});

describe('a process killed while an offer is declined', () => {
  it.concurrent.for(['waiting:before-give-back', 'waiting:after-give-back'] as const)(
    'at %s: the seats go to the next',
    { timeout: 180_000 },
    async (point, { onTestFinished }) => {
      const on = await stage(onTestFinished);
      await on.desk.waiting.serve(on.show.id);
      await on.dieAt(point, (await on.wishOf(on.ada))?.id ?? '');
      await on.restart();
      await until('the offer to the next', async () => (await on.wishOf(on.eve))?.state === 'OFFERED');
      await expectWhole(on, on.eve);
      expect((await on.wishOf(on.ada))?.state).toBe('DECLINED');
    }
  );
});
