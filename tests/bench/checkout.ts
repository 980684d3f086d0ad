import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../../server/ids.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import { makeBuyer, must, openHouse, type House } from '../integration/house.ts';
import { makeShow, type MadeShow } from '../integration/shows.ts';
import { alternate, inFlight, type Bench, type Round } from './bench.ts';
import { recordStatements, replay, type Statement } from './statements.ts';

/** As many as the service's own pool has. */
const CONNECTIONS = 20;
const BOOKINGS = 600;
const SEATS = 2;

export const checkout: Bench = {
  name: 'checkout',
  what: `bookings/s of ${SEATS} seats from a hold to a payment that is open at the gateway, ${CONNECTIONS} at a time`,
  baseline: `all statements that such a checkout sends, prepared, from bare pg clients over ${CONNECTIONS} connections (the embedded Postgres brings no pgbench)`,
  rows: [{ case: '', unit: 'bookings/s', goal: { atLeast: 0.6 } }],

  async run(context, progress) {
    const house = await openHouse(await context.config());
    const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client(house.config.databaseUrl));
    const rounds: Round[] = [];
    try {
      await Promise.all(clients.map((client) => client.connect()));
      // The last two rounds warm up.
      const seats = 2 * SEATS * BOOKINGS * (context.rounds + 1) + SEATS;
      const desk = await openDesk(house, await makeShow(house.db, seats));
      const bookingsPerSecond = async (prepare: () => Promise<(n: number) => Promise<unknown>>) => {
        const work = await prepare();
        const started = performance.now();
        await inFlight(BOOKINGS, CONNECTIONS, work);
        return BOOKINGS / ((performance.now() - started) / 1000);
      };
      const real = () => bookingsPerSecond(() => desk.checkouts());
      const bare = () => bookingsPerSecond(() => desk.statementsOn(clients));
      await bare();
      await real();
      for (let n = 1; n <= context.rounds; n++) {
        progress(n);
        rounds.push({ case: '', ...(await alternate(n, real, bare)) });
      }
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await house.close();
    }
    return rounds;
  }
};

/** Hands out buyers and seats, each once, to both sides. */
async function openDesk(house: House, show: MadeShow) {
  let seat = 0;
  const nextSeats = () => Array.from({ length: SEATS }, () => seat++);
  const hold = async (who: Buyer, seats: readonly number[]) =>
    must(await house.seats.hold(show.id, who.buyer, seats, 'request'));
  const buy = async (who: Buyer, holdId: string, key: string) =>
    must(await house.booking.checkout(who, { holdId }, key));

  const first = { who: await makeBuyer(house.db), seats: nextSeats(), key: newId() };
  const held = await hold(first.who, first.seats);
  const statements = await recordStatements(() => buy(first.who, held.id, first.key));
  const say = replay(statements);
  const random = randomNames(statements, first.who.user.id);

  return {
    async checkouts() {
      const who = await makeBuyers(house, BOOKINGS);
      const holds: string[] = [];
      for (const buyer of who) holds.push((await hold(buyer, nextSeats())).id);
      return async (n: number) => {
        const [buyer, holdId] = [who[n], holds[n]];
        if (buyer && holdId !== undefined) await buy(buyer, holdId, newId());
      };
    },

    async statementsOn(clients: readonly pg.Client[]) {
      const who = await makeBuyers(house, BOOKINGS);
      const free = [...clients];
      return async (n: number) => {
        const client = free.pop();
        if (!client) throw new Error('more work than connections');
        const names = new Map([
          [first.who.user.id, who[n]?.user.id ?? ''],
          [held.id, `${show.id}.${newId()}`],
          [first.key, newId()],
          ...random.map((name) => [name, name.includes('-') ? randomUUID() : `sandbox_${newId()}`] as const)
        ]);
        await say(client, names, new Map([[JSON.stringify(first.seats), nextSeats()]]));
        free.push(client);
      };
    }
  };
}

/** Ids that the checkout made up itself: of the booking, of the payment, and the gateway's own. */
function randomNames(statements: readonly Statement[], user: string): string[] {
  const text = JSON.stringify(statements.map(({ values }) => values));
  const found = text.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|sandbox_[0-9a-z]{12}/g) ?? [];
  return [...new Set(found)].filter((name) => name !== user);
}

async function makeBuyers(house: House, count: number): Promise<Buyer[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await house.db.query(
    `insert into app_user (id, email, name, password_hash)
     select id, id || '@test.example', 'Ada Test', 'none' from unnest($1::uuid[]) id`,
    [ids]
  );
  return ids.map((id) => ({
    user: { id, email: `${id}@test.example`, name: 'Ada Test', role: 'customer' },
    ...{ buyer: `u_${id}`, guest: null }
  }));
}
