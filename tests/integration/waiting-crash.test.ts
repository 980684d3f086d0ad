import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, describe, it, beforeEach, afterEach } from 'vitest';
import type { FaultPoint } from '../../server/booking/fault-points.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import type { Config } from '../../server/config.ts';
import { environmentOf } from './crash-environment.ts';
import { holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/**
 * A real process is killed with SIGKILL at each step of an offer. Another one starts on the same databases; then every
 * wish has one offer at most, no seat is offered twice, and each offer has its mail.
 */
const CHILD = join(import.meta.dirname, 'waiting-child.ts');
type Person = Buyer & { email: string };

let config: Config;
let smtp: TestSmtp;
/** Stays alive all the time, and does no jobs. */
let desk: House;
let again: House | undefined;
let show: MadeShow;
let [bob, ada, eve] = [] as unknown as [Person, Person, Person];

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url });
  desk = await openHouse(config);
});
afterAll(async () => {
  await desk.close();
  await smtp.close();
});
beforeEach(async () => {
  show = await makeShow(desk.db, 6);
  [bob, ada, eve] = [await makeBuyer(desk.db), await makeBuyer(desk.db), await makeBuyer(desk.db)];
  await holdSeats(desk, show.id, bob.buyer, [0, 1, 2, 3, 4, 5]);
  for (const each of [ada, eve]) must(await desk.waiting.join(each.user.id, show.id, { count: 2, tiers: [] }));
  must(await desk.seats.release(show.id, bob.buyer, [2, 3]));
});
afterEach(async () => {
  await again?.close();
  again = undefined;
});

async function dieAt(point: FaultPoint, decline: string | null = null): Promise<void> {
  const errand = { point, show: show.id, decline, user: ada.user.id };
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(errand)], {
    env: { PATH: process.env['PATH'], ...environmentOf(config) },
    stdio: ['ignore', 'ignore', 'pipe']
  });
  let errors = '';
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  const signal = await new Promise<string | null>((resolve) => child.once('exit', (_, by) => resolve(by)));
  if (signal !== 'SIGKILL') throw new Error(`the process never came to ${point}:\n${errors}`);
}

async function restart(): Promise<void> {
  again = await openHouse(config, { resendAfterMs: 2000 });
  await again.jobs.start();
}

const wishOf = async (who: Person) => (await desk.waiting.mine(who.user.id))[0];
const seatsOf = async (who: Person) => must(await desk.seats.ownHold(show.id, who.buyer))?.seats ?? null;

/** Everything that was offered is held for whom it was offered to, and nothing is held twice or for nobody. */
async function expectWhole(offered: Person): Promise<void> {
  await until('the work of the outbox', async () => {
    const left = await desk.db.query('select 1 from outbox where done_at is null and due_at <= now()');
    return left.rowCount === 0;
  });
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
  await until('the mail', () => smtp.to(offered.email).length > 0);
}

describe('a process killed on the way to an offer', () => {
  const points: [FaultPoint, number][] = [
    ['waiting:after-hold', 1],
    ['waiting:before-commit', 1],
    ['waiting:after-commit', 1],
    // The server had the mail, and nobody could write that down: a second copy, under the same Message-ID.
    ['mail:after-send', 2]
  ];
  it.each(points)(
    'at %s: one offer, its seats, its mail',
    async (point, mailsAtMost) => {
      await dieAt(point);
      await restart();
      await until('the offer', async () => (await wishOf(ada))?.state === 'OFFERED');
      await expectWhole(ada);
      const mails = smtp.to(ada.email);
      expect(mails.length).toBeLessThanOrEqual(mailsAtMost);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
      expect((await wishOf(eve))?.state).toBe('WAITING');
      expect(smtp.to(eve.email)).toEqual([]);
    },
    30_000
  );

  it('at waiting:after-hold, and who waited has left meanwhile: the seats go to the next', async () => {
    await dieAt('waiting:after-hold');
    expect(await seatsOf(ada)).toEqual([2, 3]);
    must(await desk.waiting.leave(ada.user.id, show.id));
    await restart();
    await until('the offer to the next', async () => (await wishOf(eve))?.state === 'OFFERED');
    await expectWhole(eve);
    expect(smtp.to(ada.email)).toEqual([]);
  }, 30_000);

  it('at waiting:after-hold, and its buyer has paid for the seats meanwhile: the wish is taken', async () => {
    await dieAt('waiting:after-hold');
    const hold = must(await desk.seats.ownHold(show.id, ada.buyer));
    must(await desk.booking.checkout(ada, { holdId: hold?.id ?? '' }, 'key'));
    await restart();
    await again?.waiting.serve(show.id);
    expect((await wishOf(ada))?.state).toBe('TAKEN');
    expect((await wishOf(eve))?.state).toBe('WAITING');
  }, 30_000);
});

describe('a process killed while an offer is declined', () => {
  it.each(['waiting:before-give-back', 'waiting:after-give-back'] as const)(
    'at %s: the seats go to the next',
    async (point) => {
      await desk.waiting.serve(show.id);
      await dieAt(point, (await wishOf(ada))?.id ?? '');
      await restart();
      await until('the offer to the next', async () => (await wishOf(eve))?.state === 'OFFERED');
      await expectWhole(eve);
      expect((await wishOf(ada))?.state).toBe('DECLINED');
    },
    30_000
  );
});
