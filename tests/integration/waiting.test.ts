import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Buyer } from '../../server/booking/checkout.ts';
import type { Config } from '../../server/config.ts';
import { createDeclineKeys } from '../../server/waiting/decline-keys.ts';
import { codeOf, holdSeats, makeBuyer, must, openHouse, stateOf, until, type House } from './house.ts';
import { organizerOf } from './refund-house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';
import { makeConfig } from './stack.ts';

/** Two processes serve the lists of the same shows; each test has a house of eight seats, and Bob holds them all. */
let config: Config;
let smtp: TestSmtp;
let house: House;
let other: House;
let show: MadeShow;
let bob: Buyer;
type Person = Buyer & { email: string };

beforeAll(async () => {
  smtp = await startSmtp();
  config = await makeConfig({ SMTP_URL: smtp.url, PAYMENT_TTL_MS: '60000' });
  [house, other] = [await openHouse(config), await openHouse(config)];
});
afterAll(async () => {
  await house.close();
  await other.close();
  await smtp.close();
});
beforeEach(async () => {
  show = await makeShow(house.db, 8);
  bob = await makeBuyer(house.db);
  await holdSeats(house, show.id, bob.buyer, [0, 1, 2, 3, 4, 5, 6, 7]);
});

const join = async (who: Person, count: number, tiers: string[] = []) =>
  must(await house.waiting.join(who.user.id, show.id, { count, tiers }));
const give = async (...seats: number[]) => must(await house.seats.release(show.id, bob.buyer, seats));
const wishOf = async (who: Person) => {
  const [wish] = await house.waiting.mine(who.user.id);
  if (!wish) throw new Error('there is no wish');
  return wish;
};
const seatsOf = async (who: Person) => must(await house.seats.ownHold(show.id, who.buyer))?.seats ?? null;
const people = (count: number) => Promise.all(Array.from({ length: count }, () => makeBuyer(house.db)));
/** Both processes at once, as often as it takes both to find the lists free. */
const serveBoth = () => Promise.all([house, other, house, other].map(({ waiting }) => waiting.serve(show.id)));

describe('joining a waiting list', () => {
  it('is for shows that have no such seats now, once for each person', async () => {
    const [ada = await makeBuyer(house.db)] = await people(1);
    await give(0, 1);
    const ask = async (count: number, tiers: string[] = []) =>
      codeOf(await house.waiting.join(ada.user.id, show.id, { count, tiers }));
    expect(await ask(2)).toBe('SEATS_LEFT');
    expect(await ask(3, ['balcony'])).toBe('INVALID');
    expect(await ask(9)).toBe('CAP_REACHED');
    const wish = await join(ada, 3, ['standard']);
    expect(wish).toMatchObject({ state: 'WAITING', count: 3, ahead: 0, tiers: [{ name: 'Standard' }], offer: null });
    expect(await join(ada, 3, ['standard'])).toEqual(wish);
    expect(await ask(4)).toBe('ALREADY_WAITING');
    must(await house.waiting.leave(ada.user.id, show.id));
    expect((await wishOf(ada)).state).toBe('LEFT');
    expect(codeOf(await house.waiting.leave(ada.user.id, show.id))).toBe('NOT_FOUND');
    expect(codeOf(await house.waiting.join(ada.user.id, 'nosuchshow00', { count: 1, tiers: [] }))).toBe('NOT_FOUND');
  });

  it('at the same moment twice makes one wish', async () => {
    const [ada = await makeBuyer(house.db)] = await people(1);
    const at = [house, other, house];
    const both = await Promise.all(
      at.map(({ waiting }) => waiting.join(ada.user.id, show.id, { count: 2, tiers: [] }))
    );
    expect(new Set(both.map((wish) => must(wish).id)).size).toBe(1);
  });

  it('says honestly how many came before, and how many wait for what', async () => {
    const [ada, eve, kim] = (await people(3)) as [Person, Person, Person];
    await join(ada, 3);
    await join(eve, 1);
    expect((await join(kim, 3)).ahead).toBe(2);
    expect(await house.waiting.counts(show.id)).toEqual({
      ...{ wishes: 3, seats: 7, offered: 0 },
      bySize: [
        { count: 1, wishes: 1 },
        { count: 3, wishes: 2 }
      ]
    });
  });
});

describe('seats that become free', () => {
  it('go to the first whose wish they fit, in the order of coming', async () => {
    const [ada, eve, kim] = (await people(3)) as [Person, Person, Person];
    await join(ada, 3);
    await join(eve, 1);
    await join(kim, 3);
    await give(0);
    await serveBoth();
    expect([await seatsOf(ada), await seatsOf(eve), await seatsOf(kim)]).toEqual([null, [0], null]);
    await give(5, 6, 7);
    await serveBoth();
    expect([await seatsOf(ada), await seatsOf(kim)]).toEqual([[5, 6, 7], null]);
    await give(1, 2, 3);
    await serveBoth();
    expect(await seatsOf(kim)).toEqual([1, 2, 3]);
    expect((await wishOf(kim)).offer?.seats).toHaveLength(3);
  });

  it('are one offer with one mail, though two workers serve the list at once', async () => {
    const crowd = await people(6);
    for (const each of crowd) await join(each, 2);
    // Workers of this test alone: a round of theirs that had just begun would make one of another test's pass over.
    const workers = [await openHouse(config), await openHouse(config)];
    onTestFinished(async () => {
      for (const worker of workers) await worker.close();
    });
    for (const worker of workers) await worker.jobs.start();
    await give(2, 3, 4, 5);
    for (let n = 0; n < 5; n++) await serveBoth();
    const [ada, eve, ...rest] = crowd as [Person, Person, ...Person[]];
    const got = await until('both offers', async () => {
      const [first, second] = [await seatsOf(ada), await seatsOf(eve)];
      return first && second && [...first, ...second].sort();
    });
    expect(got).toEqual([2, 3, 4, 5]);
    for (const each of rest) expect((await wishOf(each)).state).toBe('WAITING');
    const mail = await until('the mail', () => smtp.to(ada.email)[0]);
    await until('the second mail', () => smtp.to(eve.email)[0]);
    expect(mail.subject).toMatch(/^2 seats for you: A Test Play, until (\w+ .+, )?\d\d:\d\d \(Berlin time\)$/);
    expect(mail.text).toContain(`/waiting/${(await wishOf(ada)).id}?token=`);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([...crowd.flatMap(({ email }) => smtp.to(email))]).toHaveLength(2);
  });

  it.each(['let go by hand', 'at their deadline'])('are nobody’s for a moment, %s: no click is faster', async (how) => {
    const [ada, ...clickers] = (await people(9)) as [Person, ...Person[]];
    const hasty = await openHouse({ ...config, holdTtlMs: 1500 });
    if (how === 'at their deadline') {
      must(await house.seats.release(show.id, bob.buyer));
      await holdSeats(hasty, show.id, bob.buyer, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
    await join(ada, 2);
    let clicks = 0;
    let caught = 0;
    let over = false;
    const clicking = clickers.map(async ({ buyer }, n) => {
      while (!over) {
        const held = await house.seats.hold(show.id, buyer, [n % 8], `${buyer}-${clicks++}`);
        if (codeOf(held) === 'OK') caught++;
      }
    });
    try {
      if (how === 'let go by hand') must(await house.seats.release(show.id, bob.buyer));
      await until('the end of Bob’s hold', async () => must(await house.seats.ownHold(show.id, bob.buyer)) === null);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(caught).toBe(0);
      await serveBoth();
    } finally {
      over = true;
      await Promise.all(clicking);
      await hasty.close();
    }
    expect(await seatsOf(ada)).toHaveLength(2);
    expect(clicks).toBeGreaterThan(50);
  });

  it('are on sale for everybody when they fit no wish', async () => {
    const [ada] = (await people(1)) as [Person];
    await join(ada, 3);
    await give(0, 1);
    expect(await stateOf(house, show.id, 0)).toBe('held');
    await serveBoth();
    expect(await stateOf(house, show.id, 0)).toBe('available');
    await give(2);
    await serveBoth();
    expect(await seatsOf(ada)).toEqual([0, 1, 2]);
  });

  it('pass over somebody who has other seats of the show in hand, who keeps the place', async () => {
    const [ada, eve] = (await people(2)) as [Person, Person];
    await give(7);
    await holdSeats(house, show.id, ada.buyer, [7]);
    await join(ada, 2);
    await join(eve, 2);
    await give(0, 1);
    await serveBoth();
    expect(await seatsOf(eve)).toEqual([0, 1]);
    must(await house.seats.release(show.id, ada.buyer));
    await give(6);
    await serveBoth();
    expect(await seatsOf(ada)).toEqual([6, 7]);
  });
});

describe('an offer', () => {
  async function offered(before?: (first: Person) => Promise<unknown>): Promise<[Person, Person]> {
    const two = (await people(2)) as [Person, Person];
    await before?.(two[0]);
    for (const each of two) await join(each, 2);
    await give(0, 1);
    await serveBoth();
    expect(await seatsOf(two[0])).toEqual([0, 1]);
    return two;
  }

  it('becomes a booking at checkout', async () => {
    const [ada] = await offered();
    const { offer } = await wishOf(ada);
    const { booking } = must(await house.booking.checkout(ada, { holdId: offer?.holdId ?? '' }, 'key'));
    expect(booking.seats).toEqual([0, 1]);
    expect((await wishOf(ada)).state).toBe('TAKEN');
    expect(codeOf(await house.waiting.decline((await wishOf(ada)).id, { user: ada.user.id, key: null }))).toBe(
      'HOLD_EXPIRED'
    );
    await serveBoth();
    expect(await stateOf(house, show.id, 0)).toBe('held');
  });

  it('that is declined, with the key from the mail too, goes to the next', async () => {
    const [ada, eve] = await offered();
    const { id, offer } = await wishOf(ada);
    const key = createDeclineKeys(config.secret).keyOf(id, offer?.holdId ?? '');
    expect(codeOf(await house.waiting.decline(id, { user: eve.user.id, key: null }))).toBe('NOT_FOUND');
    expect(codeOf(await house.waiting.decline(id, { user: null, key: `${key}x` }))).toBe('NOT_FOUND');
    expect(await house.waiting.wish(id, { user: eve.user.id, key: null })).toBeNull();
    expect(must(await house.waiting.decline(id, { user: null, key })).state).toBe('DECLINED');
    await serveBoth();
    expect(await seatsOf(eve)).toEqual([0, 1]);
    expect(await seatsOf(ada)).toBeNull();
  });

  it('whose seats are let go on the map is declined as well', async () => {
    const [ada, eve] = await offered();
    must(await house.seats.release(show.id, ada.buyer));
    await serveBoth();
    expect((await wishOf(ada)).state).toBe('DECLINED');
    expect(await seatsOf(eve)).toEqual([0, 1]);
  });

  it('ends with leaving the list', async () => {
    const [ada, eve] = await offered();
    must(await house.waiting.leave(ada.user.id, show.id));
    await serveBoth();
    expect((await wishOf(ada)).state).toBe('LEFT');
    expect(await seatsOf(eve)).toEqual([0, 1]);
  });

  it('that cannot be told by mail stands all the same, and says so among the mails', async () => {
    const [ada] = await offered(({ user }) =>
      house.db.query(`update app_user set email = 'nobody at all' || id where id = $1`, [user.id])
    );
    const { id, offer } = await wishOf(ada);
    await house.mail.waitingOffer(id);
    const { rows } = await house.db.query('select sent_at, rejected from email_sent where dedupe_key = $1', [
      `waiting-offer:${offer?.holdId}`
    ]);
    expect(rows).toEqual([{ sent_at: null, rejected: 'The account has no usable mail address.' }]);
    expect((await wishOf(ada)).state).toBe('OFFERED');
  });

  it('is made again when Redis has lost everything', async () => {
    const [ada] = await offered();
    const before = await wishOf(ada);
    await house.seats.forget(show.id);
    const keys = await house.redis.commands.keys(`${config.redisPrefix}{show:${show.id}}*`);
    await house.redis.commands.del(...keys);
    // On a busy machine the map may not stand again within the first round.
    const after = await until('another offer', async () => {
      await serveBoth();
      const { state, offer } = await wishOf(ada);
      return state === 'OFFERED' && offer?.holdId !== before.offer?.holdId && offer;
    });
    expect(after.seats).toHaveLength(2);
    expect(await seatsOf(ada)).toHaveLength(2);
  });

  it('and every wish ends when the show is cancelled', async () => {
    const [ada, eve] = await offered();
    must(await house.booking.cancelShow(organizerOf(show), show.id, 'The singer is ill'));
    await serveBoth();
    expect([(await wishOf(ada)).state, (await wishOf(eve)).state]).toEqual(['CLOSED', 'CLOSED']);
    expect(await seatsOf(ada)).toBeNull();
    expect(codeOf(await house.waiting.join(ada.user.id, show.id, { count: 1, tiers: [] }))).toBe('SALE_CLOSED');
  });
});

describe('an offer whose time runs out', () => {
  it('passes on to the next, and to the one after', async () => {
    const hasty = await openHouse({ ...config, offerTtlMs: 700 });
    const [ada, eve] = (await people(2)) as [Person, Person];
    for (const each of [ada, eve]) await join(each, 2);
    await give(0, 1);
    const serve = () => hasty.waiting.serve(show.id).then(() => null);
    await until('the first offer', async () => (await serve()) ?? (await seatsOf(ada)));
    await until('the second offer', async () => (await serve()) ?? (await seatsOf(eve)));
    await until('both are over', async () => (await serve()) ?? (await wishOf(eve)).state === 'PASSED');
    expect((await wishOf(ada)).state).toBe('PASSED');
    // Nobody waits any more: the seats are on sale.
    await serve();
    expect(await stateOf(hasty, show.id, 0)).toBe('available');
    await hasty.close();
  });
});
