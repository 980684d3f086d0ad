import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomPlace } from '../../src/lib/domain/waiting-room.ts';
import { createBuyerTokens } from '../../server/accounts/buyer-token.ts';
import { createLog } from '../../server/log.ts';
import { drawOrder } from '../../server/waiting-room/draw.ts';
import { makeRoom } from '../../server/waiting-room/rows.ts';
import { createWaitingRoom, type WaitingRoom } from '../../server/waiting-room/waiting-room.ts';
import { TEST_SECRET } from './configuration.ts';
import { codeOf, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** The waiting room of a hot show, and what keeps its seats from being hoarded, with the patience of a test. */
const LAPSE_MS = 700;
let house: House;
let room: WaitingRoom;
/** The same room on another node. */
let other: WaitingRoom;
const tokens = createBuyerTokens(TEST_SECRET);
const guest = () => tokens.issue().buyer;

beforeAll(async () => {
  house = await openHouse(await makeConfig({ HOLD_TTL_MS: '1000', HOLD_LIMIT_MS: '60000' }));
  [room, other] = [nodeOf(), nodeOf()];
});
afterAll(async () => {
  await room.close();
  await other.close();
  await house.close();
});

function nodeOf(): WaitingRoom {
  const { db, seats, config, redis } = house;
  return createWaitingRoom({
    ...{ db, seats, config, redis: redis.commands, log: createLog('silent', false), tell: () => undefined },
    times: { closedBeforeMs: 300, lapseMs: LAPSE_MS, tickMs: 20, readEveryMs: 0 }
  });
}

/** A show whose sale opens in so long (ms). */
async function hotShow(opensInMs: number, more: Record<string, number> = {}, seats = 40): Promise<MadeShow> {
  const show = await makeShow(house.db, seats);
  const set = { room_per_minute: 100_000, ...more };
  const names = Object.keys(set).map((name, n) => `${name} = $${n + 3}`);
  await house.db.query(
    `update show set sale_opens_at = now() + make_interval(secs => $2::double precision / 1000), ${names.join(', ')}
      where id = $1`,
    [show.id, opensInMs, ...Object.values(set)]
  );
  await makeRoom(house.db, show.id);
  return show;
}

const enter = async (show: MadeShow, buyer: string, network: string | null = null, before: string | null = null) =>
  must(await room.enter(show.id, { buyer, guest: before, network }, true));
const stay = (show: MadeShow, buyers: readonly string[]) => Promise.all(buyers.map((buyer) => enter(show, buyer)));
const hold = (show: MadeShow, buyer: string, seat: number, network: string | null = null) =>
  house.seats.hold(show.id, buyer, [seat], randomUUID(), undefined, network);

/** Both nodes tick, and those who wait keep saying so, until it is so. */
async function live<T>(show: MadeShow, buyers: readonly string[], what: () => Promise<T | false | null>): Promise<T> {
  return until('the room goes on', async () => {
    await Promise.all([room.round(), other.round()]);
    await stay(show, buyers);
    return what();
  });
}
const phaseIs = (show: MadeShow, phase: string) => async () => must(await room.state(show.id)).phase === phase;

describe('a waiting room', () => {
  it('draws the places of all who came before the opening, as anybody can check, and lets them in by these', async () => {
    const show = await hotShow(900, { room_per_minute: 1 });
    const early = Array.from({ length: 12 }, guest);
    const entered = await stay(show, early);
    expect(entered.map(({ state, place }) => [state, place])).toEqual(early.map(() => ['waits', 0]));
    expect(must(await room.draw(show.id))).toMatchObject({ tickets: null, seed: null });

    await live(show, early, phaseIs(show, 'closed'));
    const closed = await live(show, early, async () => {
      const draw = must(await room.draw(show.id));
      return draw.listHash === null ? null : draw;
    });
    // The list is public before the seed.
    expect([closed.entrants, closed.seed]).toEqual([12, null]);
    const late = guest();
    expect((await enter(show, late)).place).toBe(13);

    await live(show, [...early, late], phaseIs(show, 'open'));
    const draw = must(await room.draw(show.id));
    expect(draw.listHash).toBe(closed.listHash);
    const { verifyDraw } = (await import(new URL('../../static/verify-draw.mjs', import.meta.url).href)) as {
      verifyDraw: (of: object, noted: object) => Promise<{ ok: boolean; order: string[] }>;
    };
    const noted = { commitment: entered[0]?.room.commitment, list: closed.listHash, ticket: entered[0]?.ticket };
    const verdict = await verifyDraw(draw, noted);
    expect(verdict.ok).toBe(true);
    expect(verdict.order).toEqual(drawOrder(Buffer.from(draw.seed ?? '', 'hex'), draw.tickets ?? []));
    const places = await stay(show, early);
    for (const { ticket, place } of places) expect(verdict.order[(place ?? 0) - 1]).toBe(ticket);
  });

  it('admits nobody before the draw, however many a minute it may', async () => {
    const show = await hotShow(60_000);
    const early = [guest(), guest()];
    await stay(show, early);
    for (let rounds = 0; rounds < 5; rounds++) {
      await Promise.all([room.round(), other.round()]);
      await new Promise((done) => setTimeout(done, 30));
    }
    const places = await stay(show, early);
    expect(places.map(({ state, place }) => [state, place])).toEqual(early.map(() => ['waits', 0]));
  });

  it('refuses seats to whoever was not admitted, one by one and best available, and gives them to who was', async () => {
    const show = await hotShow(-1000);
    const buyer = guest();
    expect(codeOf(await hold(show, buyer, 1))).toBe('NOT_ADMITTED');
    expect(codeOf(await house.seats.best(show.id, buyer, { count: 2 }, randomUUID()))).toBe('NOT_ADMITTED');
    await live(show, [buyer], async () => (await enter(show, buyer)).state === 'admitted');
    expect(codeOf(await hold(show, buyer, 1))).toBe('OK');
    expect(codeOf(await hold(show, guest(), 2))).toBe('NOT_ADMITTED');
    // With seats in hand nobody needs the admission any more.
    await room.leave(show.id, buyer);
    expect(codeOf(await hold(show, buyer, 2))).toBe('OK');
  });

  it('keeps the line while admission is paused, and passes over who is gone until they come back', async () => {
    const show = await hotShow(-1000);
    await house.db.query('update waiting_room set paused = true where show_id = $1', [show.id]);
    const came = [guest(), guest()];
    await live(show, came, phaseIs(show, 'open'));
    // Both came at once: whichever of them was heard first is the one who goes.
    const places = await stay(show, came);
    const [gone = '', here = ''] = (places[0]?.place ?? 0) < (places[1]?.place ?? 0) ? came : came.toReversed();
    const place = (await enter(show, gone)).place;
    expect((await enter(show, here)).before).toBe(1);
    await live(show, [here], async () => (await enter(show, here)).before === 0);
    // The place is theirs still, before those who came later.
    expect(await enter(show, gone)).toMatchObject({ state: 'waits', place, before: 0 });
    expect((await enter(show, here)).before).toBe(1);
    await house.db.query('update waiting_room set paused = false where show_id = $1', [show.id]);
    await live(show, [gone, here], async () => {
      const both = await stay(show, [gone, here]);
      return both.every(({ state }) => state === 'admitted');
    });
  });

  it('lets nobody in while admission is paused, also not in the turn that nobody had taken before', async () => {
    const show = await hotShow(-1000);
    const rounds = async (buyers: readonly string[]) => {
      for (let n = 0; n < 5; n++) {
        await new Promise((done) => setTimeout(done, 25));
        await room.round();
        await stay(show, buyers);
      }
    };
    await live(show, [], phaseIs(show, 'open'));
    await rounds([]);
    await house.db.query('update waiting_room set paused = true where show_id = $1', [show.id]);
    await room.round();
    const came = guest();
    await rounds([came]);
    expect(await enter(show, came)).toMatchObject({ state: 'waits', before: 0 });
  });

  it('finds the places of the draw again when Redis has lost everything', async () => {
    const show = await hotShow(500, { room_per_minute: 1 });
    const early = Array.from({ length: 8 }, guest);
    await stay(show, early);
    await live(show, early, phaseIs(show, 'open'));
    const before = (await stay(show, early)).map(({ place }) => place);
    const keys = await house.redis.commands.keys(`${house.seats.keys.show(show.id).base}:*`);
    await house.redis.commands.del(...keys);
    // Who asks in the very moment in which the room is made anew may be told a later place first.
    await stay(show, early);
    expect((await stay(show, early)).map(({ place }) => place)).toEqual(before);
    expect((await enter(show, guest())).place).toBeGreaterThan(8);
  });

  it('lets a guest who signs in keep the place, and the admission', async () => {
    const show = await hotShow(-1000, { room_per_minute: 1 });
    await live(show, [guest()], phaseIs(show, 'open'));
    const { buyer, user } = await makeBuyer(house.db);
    const before = guest();
    const { place, ticket } = await enter(show, before);
    expect(await enter(show, buyer, null, before)).toMatchObject({ place, ticket });
    await house.db.query('update show set room_per_minute = 100000 where id = $1', [show.id]);
    await live(show, [buyer], async () => (await enter(show, buyer)).state === 'admitted');
    expect(user.id).toBe(buyer.slice(2));

    const [nobody, account] = [guest(), (await makeBuyer(house.db)).buyer];
    await live(show, [nobody], async () => (await enter(show, nobody)).state === 'admitted');
    await house.seats.adopt(show.id, nobody, account);
    expect(codeOf(await hold(show, account, 9))).toBe('OK');
  });

  it('gives a network no more tickets than it may have seats', async () => {
    const show = await hotShow(60_000, { seats_per_network: 2 });
    const network = '203.0.113.9';
    const answers: RoomPlace[] = [];
    for (let n = 0; n < 2; n++) answers.push(await enter(show, guest(), network));
    expect(answers.map(({ state }) => state)).toEqual(['waits', 'waits']);
    const third = await room.enter(show.id, { buyer: guest(), guest: null, network }, true);
    expect(codeOf(third)).toBe('CAP_REACHED');
    expect((await enter(show, guest(), '203.0.113.10')).state).toBe('waits');
  });

  it('is none where the organizer wants none', async () => {
    const show = await makeShow(house.db, 4);
    expect(codeOf(await room.enter(show.id, { buyer: guest(), guest: null, network: null }, true))).toBe('NOT_FOUND');
    expect(codeOf(await hold(show, guest(), 1))).toBe('OK');
  });
});

describe('against hoarding', () => {
  const network = '203.0.113.7';
  async function show(more: Record<string, number>) {
    const made = await makeShow(house.db, 40);
    const names = Object.keys(more).map((name, n) => `${name} = $${n + 2}`);
    await house.db.query(`update show set ${names.join(', ')} where id = $1`, [made.id, ...Object.values(more)]);
    return made;
  }

  it('one network has at most so many seats, whoever asks; what is let go can be had again, what is bought counts', async () => {
    const hot = await show({ seats_per_network: 3 });
    const [ada, bob] = [await makeBuyer(house.db), guest()];
    const first = must(await hold(hot, ada.buyer, 1, network));
    must(await hold(hot, ada.buyer, 2, network));
    must(await hold(hot, bob, 3, network));
    expect(await hold(hot, guest(), 4, network)).toMatchObject({
      ...{ code: 'CAP_REACHED', details: { cap: 3, network: true } }
    });
    expect(codeOf(await house.seats.best(hot.id, bob, { count: 1 }, randomUUID(), network))).toBe('CAP_REACHED');
    expect(codeOf(await hold(hot, guest(), 5, '203.0.113.8'))).toBe('OK');
    must(await house.seats.release(hot.id, bob, [3]));
    must(await hold(hot, bob, 4, network));

    const { booking, payment } = must(await house.booking.checkout(ada, { holdId: first.id }, randomUUID()));
    expect(codeOf(await hold(hot, guest(), 6, network))).toBe('CAP_REACHED');
    // A map that is made anew counts what is being paid for, and what was bought.
    const madeAnew = async () => {
      await house.redis.commands.del(house.seats.keys.show(hot.id).meta);
      expect(codeOf(await hold(hot, guest(), 7, network))).toBe('OK');
      expect(codeOf(await hold(hot, guest(), 8, network))).toBe('CAP_REACHED');
    };
    await madeAnew();
    must(await house.payments.sandboxDecide(payment.id, ada.user.id, 'success'));
    await until('it is paid', async () => {
      const view = must(await house.booking.view(booking.id, ada.user.id));
      return view.booking.status === 'CONFIRMED';
    });
    await madeAnew();
  });

  it('a buyer whose holds run out waits, longer each time, and is told how long; others do not', async () => {
    const hot = await show({ cool_down_s: 60 });
    const buyer = guest();
    const lapse = async () => {
      await until('a cool-down has passed', async () => codeOf(await hold(hot, buyer, 1)) === 'OK');
      await until('the hold has run out', async () => (await house.seats.ownHold(hot.id, buyer)) === null);
      await until('it was swept', async () => (await house.seats.counts([hot.id])).get(hot.id)?.held === 0);
    };
    await lapse();
    await lapse();
    await lapse();
    const refused = await hold(hot, buyer, 2);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfter: expect.any(Number) as number } });
    expect(String((refused as { message: string }).message)).toMatch(/again in \d+ seconds/);
    expect(codeOf(await hold(hot, guest(), 2))).toBe('OK');
    // A map that is made anew knows of it still.
    await house.redis.commands.del(house.seats.keys.show(hot.id).meta);
    expect(codeOf(await hold(hot, buyer, 2))).toBe('RATE_LIMITED');
    // It is over for now; the next one is twice as long.
    const key = `${house.seats.keys.show(hot.id).base}:cool:${buyer}`;
    await house.redis.commands.set(key, '0 3');
    await lapse();
    const [ends = 0] = String(await house.redis.commands.get(key))
      .split(' ')
      .map(Number);
    const [seconds] = await house.redis.commands.time();
    expect(ends / 1000 - Number(seconds)).toBeGreaterThan(100);
  });

  it('a network whose seats run out beyond its cap waits too', async () => {
    const hot = await show({ seats_per_network: 2, cool_down_s: 60 });
    for (let n = 0; n < 3; n++) {
      must(await hold(hot, guest(), n, network));
      await until('it was swept', async () => (await house.seats.counts([hot.id])).get(hot.id)?.held === 0);
    }
    expect(codeOf(await hold(hot, guest(), 9, network))).toBe('RATE_LIMITED');
    expect(codeOf(await hold(hot, guest(), 9, '203.0.113.8'))).toBe('OK');
  });
});
