import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seatState, setSeatState, newSeatMap, type SeatState } from '../../src/lib/domain/seat-map.ts';
import { createKeys } from '../../server/redis/keys.ts';
import { createSeatState, seatScripts, type SeatState as Scripts } from '../../server/seats/seat-state.ts';
import { parseEntry } from '../../server/seats/fold.ts';
import {
  CAP,
  CAPACITY,
  FIRST_WAIT,
  HOUSE,
  LEASE,
  LIMIT,
  NETWORK_CAP,
  networkOf,
  OFFER,
  SeatModel,
  TTL
} from './seat-model.ts';
import { makeConfig } from './stack.ts';

/**
 * Random commands against the real scripts in the real Redis and against the model; after each command the two
 * must agree, and the invariants must hold. Time is a key in Redis here, moved by the test.
 */
const SHOW = 'modelshow000';
const BUYERS = ['u_ann', 'u_bob', 'u_cat'];
let redis: Redis;
let prefix: string;

beforeAll(async () => {
  const config = await makeConfig();
  redis = new Redis(config.redisUrl);
  prefix = config.redisPrefix;
});
afterAll(() => redis.quit());

/** The scripts as they are, but for the clock; `spoil` breaks one of them on purpose. */
function sources(spoil: (name: string, lua: string) => string = (_, lua) => lua) {
  const clock = `redis.call('GET', '${prefix}{show:${SHOW}}:clock')`;
  return new Map(
    [...seatScripts()].map(([name, lua]) => {
      const moved = lua.replace(
        "local clock = redis.call('TIME')",
        `local test_ms = tonumber(${clock}); local clock = { math.floor(test_ms / 1000), (test_ms % 1000) * 1000 }`
      );
      if (moved === lua) throw new Error(`${name} does not take its time from the shared include`);
      return [name, spoil(name, moved)] as const;
    })
  );
}

interface Real {
  scripts: Scripts;
  epoch: number;
  ids: string[];
  /** The last state each seat had in the log, for the check of transitions. */
  logged: number[];
  readUpTo: string;
}
type Command = fc.AsyncCommand<SeatModel, Real>;

async function load(model: SeatModel, real: Real) {
  const keys = createKeys(prefix);
  real.epoch++;
  const map = newSeatMap(CAPACITY);
  model.states.forEach((state, seat) => setSeatState(map, seat, state as SeatState));
  await redis.set(keys.rebuilt(SHOW, 'test', 'map'), Buffer.from(map));
  for (const [buyer, count] of model.taken) {
    if (count > 0) await redis.hset(keys.rebuilt(SHOW, 'test', 'taken'), buyer, count);
  }
  const sums = { booked: model.booked.size, blocked: model.blocked.size };
  await real.scripts.load(
    SHOW,
    { epoch: real.epoch, capacity: CAPACITY, token: 'test', ...sums },
    { sale: 'open', cap: CAP, opens: 0, closes: 9_000_000_000_000, terms: 1, fair: `1 ${NETWORK_CAP} ${FIRST_WAIT}` }
  );
  for (const [who, until] of model.admitted) await redis.set(keys.admission(SHOW, who), until);
  real.logged = [...model.states];
  real.readUpTo = `${real.epoch}-0`;
}

const setClock = (model: SeatModel) => redis.set(`${prefix}{show:${SHOW}}:clock`, model.now);

const LEGAL = new Set(['0>1', '1>0', '1>2', '2>0', '0>3', '3>0']);

async function check(model: SeatModel, real: Real) {
  const keys = createKeys(prefix);
  const snapshot = await real.scripts.snapshot(SHOW);
  const states = Array.from({ length: CAPACITY }, (_, seat) => seatState(snapshot.map, seat));
  expect(states).toEqual(model.states);
  // I11: every seat is in exactly one state, and the sums say so without counting.
  const sum = (state: number) => states.filter((each) => each === state).length;
  expect(snapshot.counts).toEqual({ available: sum(0), held: sum(1), booked: sum(2), blocked: sum(3) });
  // I5: a held seat has one owner, and that hold lists it.
  const owners = await redis.hgetall(keys.show(SHOW).owner);
  expect(
    Object.keys(owners)
      .map(Number)
      .sort((a, b) => a - b)
  ).toEqual(states.flatMap((state, seat) => (state === 1 ? [seat] : [])));
  for (const hold of model.holds.values()) for (const seat of hold.seats) expect(owners[seat]).toBe(hold.id);
  // I7: open, leased and booked seats of a buyer never exceed the cap.
  for (const buyer of BUYERS) {
    const answer = await real.scripts.peek(SHOW, buyer, '');
    const own = answer.is === 'hold' ? answer.hold.seats : [];
    expect(own).toEqual([...(model.openHold(buyer)?.seats ?? [])].sort((a, b) => a - b));
    const taken = Number((await redis.hget(`${keys.show(SHOW).base}:taken`, buyer)) ?? 0);
    expect(taken).toBe(model.takenBy(buyer));
    expect(own.length + taken).toBeLessThanOrEqual(CAP);
  }
  // A network has what its holds and bookings have, and never more than it may.
  const has = Number((await redis.get(keys.network(SHOW, real.epoch, 'n_shared'))) ?? 0);
  expect(has).toBe(model.networkHas('n_shared'));
  expect(has).toBeLessThanOrEqual(NETWORK_CAP);
  for (const who of [...BUYERS, 'n_shared']) {
    const { until, lapses } = model.cooling.get(who) ?? {};
    const cooling = await redis.get(`${keys.show(SHOW).base}:cool:${who}`);
    expect(cooling).toBe(lapses === undefined ? null : `${until} ${lapses}`);
  }
  // I10: the log knows no other transitions than these, and ends where the map stands.
  for (const raw of await redis.xrange(keys.show(SHOW).log, `(${real.readUpTo}`, '+')) {
    const entry = parseEntry(raw);
    for (const seat of entry.seats) {
      expect(LEGAL).toContain(`${real.logged[seat]}>${entry.state}`);
      real.logged[seat] = entry.state;
    }
    real.readUpTo = raw[0];
  }
  expect(real.logged).toEqual(model.states);
}

const command = (name: string, run: (model: SeatModel, real: Real) => Promise<void>): Command => ({
  check: () => true,
  async run(model, real) {
    await run(model, real);
    await check(model, real);
  },
  toString: () => name
});

const buyer = fc.constantFrom(...BUYERS);
const seat = fc.nat(CAPACITY - 1);
const some = (min: number) => fc.uniqueArray(seat, { minLength: min, maxLength: 3 });
const anyHold = (real: Real, pick: number) => real.ids[pick % Math.max(1, real.ids.length)] ?? `${SHOW}.none00000000`;
let made = 0;
const asking = (who: string, id: string) => ({
  ...{ buyer: who, id, ttlMs: TTL, limitMs: LIMIT, requestId: `r${made}`, network: networkOf(who) }
});

const commands = [
  fc.tuple(buyer, some(1)).map(([who, seats]) =>
    command(`hold(${who}, ${seats.join('+')})`, async (model, real) => {
      const id = `${SHOW}.${String(made++).padStart(12, '0')}`;
      const answer = await real.scripts.hold(SHOW, asking(who, id), seats);
      expect(answer.is).toBe(model.hold(who, id, seats));
      if (model.holds.has(id)) real.ids.push(id);
    })
  ),
  fc
    .tuple(buyer, fc.integer({ min: 1, max: 3 }), fc.array(seat, { maxLength: 5 }), fc.boolean())
    .map(([who, count, picks, mayStrand]) => {
      const firsts = picks.map((pick) => Math.min(pick, CAPACITY - count));
      const inside = (each: number) => (each >= 0 && each < CAPACITY ? each : null);
      const blocks = firsts.map((from) => ({
        seats: Array.from({ length: count }, (_, n) => from + n),
        beside: [from - 1, from - 2, from + count, from + count + 1].map(inside),
        leavesLone: mayStrand
      }));
      return command(
        `best(${who}, ${count} from ${firsts.join(' or ')}, ${String(mayStrand)})`,
        async (model, real) => {
          const id = `${SHOW}.${String(made++).padStart(12, '0')}`;
          const answer = await real.scripts.best(SHOW, asking(who, id), count, blocks, mayStrand);
          expect(answer.is).toBe(model.best(who, id, count, firsts, mayStrand));
          if (model.holds.has(id)) real.ids.push(id);
        }
      );
    }),
  fc.tuple(buyer, some(0)).map(([who, seats]) =>
    command(`release(${who}, ${seats.join('+') || 'all'})`, async (model, real) => {
      expect((await real.scripts.release(SHOW, who, '', seats)).is).toBe(model.release(who, seats));
    })
  ),
  buyer.map((who) =>
    command(`extend(${who})`, async (model, real) => {
      expect((await real.scripts.extend(SHOW, who, TTL)).is).toBe(model.extend(who));
    })
  ),
  fc.tuple(fc.nat(50), buyer).map(([pick, who]) =>
    command(`lease(#${pick}, ${who})`, async (model, real) => {
      const id = anyHold(real, pick);
      expect((await real.scripts.lease(SHOW, id, who, LEASE)).is).toBe(model.lease(id, who));
    })
  ),
  fc.tuple(fc.nat(50), buyer).map(([pick, who]) =>
    command(`unlease(#${pick}, ${who})`, async (model, real) => {
      const id = anyHold(real, pick);
      expect((await real.scripts.unlease(SHOW, id, who, TTL)).is).toBe(model.unlease(id, who));
    })
  ),
  fc.nat(50).map((pick) =>
    command(`book(#${pick})`, async (model, real) => {
      const id = anyHold(real, pick);
      const hold = model.holds.get(id);
      // Postgres books only what was leased, and its own deadline comes before the lease's.
      if (!hold || hold.phase !== 'paying') return;
      await real.scripts.book(SHOW, id, [...hold.seats]);
      model.book(id);
    })
  ),
  fc.tuple(fc.nat(50), some(1)).map(([pick, seats]) =>
    command(`book foreign seats(#${pick}, ${seats.join('+')})`, async (model, real) => {
      // I6: a hold books nothing that is not its own.
      const id = anyHold(real, pick);
      const foreign = seats.filter((each) => !model.holds.get(id)?.seats.has(each));
      if (foreign.length > 0) await real.scripts.book(SHOW, id, foreign);
    })
  ),
  seat.map((each) =>
    command(`free(${each})`, async (model, real) => {
      await real.scripts.free(SHOW, model.booked.get(each) ?? '', [each]);
      model.free(each);
    })
  ),
  fc.tuple(seat, fc.boolean()).map(([each, blocked]) =>
    command(`${blocked ? 'block' : 'unblock'}(${each})`, async (model, real) => {
      await real.scripts.block(SHOW, blocked, [each]);
      model.block(each, blocked);
    })
  ),
  fc.tuple(fc.constantFrom(0, 50_000, 200_000), some(0)).map(([ms, passed]) =>
    command(`guard for ${ms}, pass ${passed.join('+')}`, async (model, real) => {
      const aside = await real.scripts.guard(SHOW, ms, passed);
      model.guard(ms, passed);
      expect(aside.sort((a, b) => a - b)).toEqual([...(model.holds.get(HOUSE)?.seats ?? [])].sort((a, b) => a - b));
    })
  ),
  fc
    .tuple(buyer, fc.integer({ min: 1, max: 3 }), fc.array(seat, { maxLength: 8 }), fc.option(fc.nat(50)))
    .map(([who, count, picks, again]) => {
      const firsts = picks.map((pick) => Math.min(pick, CAPACITY - count));
      return command(`offer(${who}, ${count} from ${firsts.join(' or ')}, ${again ?? 'new'})`, async (model, real) => {
        // The hold of an offer that was never written down is found again under its id.
        const known = again === null ? undefined : real.ids[again % Math.max(1, real.ids.length)];
        const standing = known !== undefined && model.live(known)?.buyer === who;
        const id = standing ? known : `${SHOW}.${String(made++).padStart(12, '0')}`;
        const blocks = firsts.map((from) => Array.from({ length: count }, (_, n) => from + n));
        const asked = { ...asking(who, id), ttlMs: OFFER, limitMs: OFFER, network: '' };
        expect((await real.scripts.offer(SHOW, asked, count, blocks)).is).toBe(model.offer(who, id, count, firsts));
        if (model.holds.has(id) && !standing) real.ids.push(id);
      });
    }),
  fc.tuple(buyer, fc.constantFrom(0, 150_000, 9_000_000_000)).map(([who, ms]) =>
    command(`admit ${who} for ${ms}`, async (model) => {
      model.admitted.set(who, model.now + ms);
      await redis.set(createKeys(prefix).admission(SHOW, who), model.now + ms);
    })
  ),
  fc.constant(
    command('expire', async (model, real) => {
      await real.scripts.expire([SHOW], 200);
      model.expire();
    })
  ),
  fc.constantFrom(1, 40_000, 99_999, 100_000, 300_000).map((ms) =>
    command(`wait ${ms}`, async (model) => {
      model.now += ms;
      await setClock(model);
    })
  ),
  fc.constant(
    command('wipe and rebuild', async (model, real) => {
      const names = await redis.keys(`${prefix}{show:${SHOW}}:*`);
      await redis.del(names.filter((name) => !name.endsWith(':clock')));
      expect((await real.scripts.hold(SHOW, asking('u_ann', `${SHOW}.none00000001`), [0])).is).toBe('REBUILD');
      model.rebuild();
      await load(model, real);
    })
  )
];

async function run(spoiled: ReturnType<typeof sources>, runs: number) {
  const connection = redis.duplicate();
  const scripts = createSeatState(connection, createKeys(prefix), spoiled);
  const property = fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), (list) =>
    fc.asyncModelRun(async () => {
      const names = await redis.keys(`${prefix}{show:${SHOW}}:*`);
      if (names.length > 0) await redis.del(names);
      const model = new SeatModel();
      for (const who of BUYERS) model.admitted.set(who, 9_000_000_000);
      const real: Real = { scripts, epoch: 0, ids: [], logged: [], readUpTo: '0-0' };
      await setClock(model);
      await load(model, real);
      return { model, real };
    }, list)
  );
  const result = await fc.check(property, { numRuns: runs, endOnFailure: false });
  await connection.quit();
  return result;
}

describe('the seat scripts and the simple model', () => {
  it('agree after every command, and keep I5, I6, I7, I10 and I11', { timeout: 120_000 }, async () => {
    const result = await run(sources(), 120);
    if (result.failed) {
      throw new Error(`${String(result.counterexample)}\n${String(result.errorInstance)}\nseed ${result.seed}`);
    }
    expect(result.numRuns).toBe(120);
  });

  const broken: [string, (name: string, lua: string) => string][] = [
    ['the owner is not compared', (_, lua) => lua.replaceAll('owners[i] == id', 'true')],
    ['the cap is not checked', (name, lua) => (name === 'hold' ? lua.replaceAll('> tonumber(head[6])', '> 99') : lua)],
    [
      'a booked seat may be held',
      (name, lua) => (name === 'hold' ? lua.replace('if state == AVAILABLE then', 'if state ~= HELD then') : lua)
    ],
    [
      'the best block may be partly taken',
      (name, lua) => (name === 'best' ? lua.replace('is_available(ARGV[i])', 'is_available(ARGV[first])') : lua)
    ],
    [
      'a lone seat is left behind',
      (name, lua) => (name === 'best' ? lua.replace('return is_available(ARGV[after])', 'return false') : lua)
    ],
    [
      'a freed seat is on sale though others wait',
      (_, lua) => lua.replace('if state == AVAILABLE and GUARDED', 'if false')
    ],
    [
      'an offer is made of somebody’s seats',
      (name, lua) => (name === 'offer' ? lua.replace('and owners[i] ~= HOUSE', 'and not owners[i]') : lua)
    ],
    ['nobody asks for an admission', (_, lua) => lua.replace("return { 'ROOM' }", '')],
    ['a network’s cap is not checked', (_, lua) => lua.replace('network_has + more > NETWORK_CAP', 'false')],
    [
      'who lets holds run out need not wait',
      (_, lua) => lua.replace("if cause == 'expire' then note_lapse", 'if false then note_lapse')
    ],
    ['a lease is not counted', (name, lua) => (name === 'lease' ? lua.replace('count_taken(buyer, #seats)', '') : lua)]
  ];
  it.each(broken)('is seen red when %s', { timeout: 120_000 }, async (_, spoil) => {
    expect([...sources(spoil)]).not.toEqual([...sources()]);
    const result = await run(sources(spoil), 200);
    expect(result.failed).toBe(true);
  });
});
