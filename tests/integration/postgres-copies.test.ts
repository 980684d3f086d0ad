import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seatState } from '../../src/lib/domain/seat-map.ts';
import { openAuditor } from '../../server/audit/audit.ts';
import type { Config } from '../../server/config.ts';
import { openDatabase } from '../../server/db/database.ts';
import { migrate } from '../../server/db/migrate.ts';
import { createLog } from '../../server/log.ts';
import { holdSeats, makeBuyer, must, openHouse, until, type House } from './house.ts';
import { ownPostgres, type OwnPostgres } from './own-postgres.ts';
import { makeShow, type MadeShow } from './shows.ts';
import { makeConfig } from './stack.ts';

/** What is left of a sale when its database is lost: all of a backup, and all that a synchronous standby had heard. */
let postgres: OwnPostgres;
let config: Config;
let house: House;
let show: MadeShow;
const log = createLog('silent', false);
const SEATS = 500;

beforeAll(async () => {
  postgres = await ownPostgres();
  config = { ...(await makeConfig()), databaseUrl: postgres.url };
  const db = openDatabase(config.databaseUrl, log);
  await migrate(db, log);
  show = await makeShow(db, SEATS);
  await db.close();
  house = await openHouse(config);
});
afterAll(async () => {
  await house.close();
  await postgres.stop();
});

interface Sale {
  /** What buyers were told, by seat. */
  acknowledged: Map<number, string>;
  over: boolean;
}

async function sell(sale: Sale, first: number, step: number): Promise<void> {
  for (let seat = first; seat < SEATS && !sale.over; seat += step) {
    try {
      const buyer = await makeBuyer(house.db);
      const { id: holdId } = await holdSeats(house, show.id, buyer.buyer, [seat]);
      const { booking } = must(await house.booking.checkout(buyer, { holdId }, randomUUID()));
      sale.acknowledged.set(seat, booking.id);
    } catch {
      // The database is gone: the buyer was told nothing.
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

/** The bookings of these that a database does not have. */
async function missing(url: string, ids: readonly string[]): Promise<string[]> {
  const db = openDatabase(url, log);
  const { rows } = await db.query<{ id: string }>('select id from booking where id = any($1)', [ids]);
  await db.close();
  const found = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}

/** The service on another database, and on a Redis that knows nothing of the sale. */
async function reopen(databaseUrl: string): Promise<{ reopened: House; findings: unknown[] }> {
  const elsewhere = { ...config, databaseUrl, redisPrefix: `r${randomBytes(6).toString('hex')}` };
  const reopened = await openHouse(elsewhere);
  must(await reopened.seats.snapshot(show.id));
  const auditor = await openAuditor(elsewhere, log);
  const { checks } = await auditor.audit();
  await auditor.close();
  return { reopened, findings: checks.flatMap(({ findings }) => findings) };
}

describe('a backup', () => {
  it('taken in mid-sale has every booking that was acknowledged before it, and Redis is made anew from it', async () => {
    const sale: Sale = { acknowledged: new Map(), over: false };
    const selling = [0, 1, 2].map((n) => sell(sale, n, 6));
    await until('some are sold', () => sale.acknowledged.size >= 20);
    const before = [...sale.acknowledged];
    const backup = await postgres.copy('backup');
    sale.over = true;
    await Promise.all(selling);
    const restored = await backup.restore();
    expect(
      await missing(
        restored.url,
        before.map(([, id]) => id)
      )
    ).toEqual([]);
    const { reopened, findings } = await reopen(restored.url);
    expect(findings).toEqual([]);
    const { map } = must(await reopened.seats.snapshot(show.id));
    expect(before.filter(([seat]) => seatState(map, seat) === 0)).toEqual([]);
    await reopened.close();
  }, 60_000);
});

describe('a synchronous standby', () => {
  it('has everything that was acknowledged when the primary dies in mid-sale', async () => {
    const standby = await (await postgres.copy('standby')).follow();
    await house.db.query(`alter system set synchronous_standby_names = 'standby'`);
    await house.db.query('select pg_reload_conf()');
    await until('it is synchronous', async () => {
      const { rows } = await house.db.query(`select 1 from pg_stat_replication where sync_state = 'sync'`);
      return rows.length === 1;
    });
    const sale: Sale = { acknowledged: new Map(), over: false };
    const selling = [3, 4, 5].map((n) => sell(sale, n, 6));
    await until('some are sold', () => sale.acknowledged.size >= 30);
    // The line to the standby hangs for the last moments: what it has not heard of is acknowledged to nobody.
    const lines = await house.db.query<{ pid: number }>('select pid from pg_stat_replication');
    for (const { pid } of lines.rows) process.kill(pid, 'SIGSTOP');
    await new Promise((done) => setTimeout(done, 400));
    await postgres.kill();
    for (const { pid } of lines.rows) process.kill(pid, 'SIGKILL');
    sale.over = true;
    await Promise.all(selling);

    const db = openDatabase(standby.url, log);
    await db.query('select pg_promote()');
    await db.close();
    expect(await missing(standby.url, [...sale.acknowledged.values()])).toEqual([]);
    const { reopened, findings } = await reopen(standby.url);
    expect(findings).toEqual([]);
    // And the sale goes on there.
    const buyer = await makeBuyer(reopened.db);
    const { id: holdId } = await holdSeats(reopened, show.id, buyer.buyer, [SEATS - 1]);
    must(await reopened.booking.checkout(buyer, { holdId }, randomUUID()));
    await reopened.close();
  }, 60_000);
});
