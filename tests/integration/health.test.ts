import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createHealth } from '../../server/health.ts';
import { createLog } from '../../server/log.ts';
import { openHouse, type House } from './house.ts';
import { makeConfig } from './stack.ts';
import { openWire, type Wire } from './wire.ts';

let house: House;
let wire: Wire;
let db: Database;

beforeAll(async () => {
  house = await openHouse(await makeConfig());
  wire = await openWire(house.config.databaseUrl);
  db = openDatabase(wire.url, createLog('silent', false));
});
afterAll(async () => {
  await db.close();
  await wire.close();
  await house.close();
});

it('a node without Postgres goes on, and says that it serves less; one that never reached it is not ready', async () => {
  const node = createHealth({ db, seats: house.seats });
  expect(await node()).toEqual({ ok: true, degraded: false, checks: { postgres: true, redis: true } });
  wire.cut();
  expect(await node()).toEqual({ ok: true, degraded: true, checks: { postgres: false, redis: true } });
  const late = createHealth({ db, seats: house.seats });
  expect(await late()).toMatchObject({ ok: false });
  wire.mend();
  expect(await late()).toMatchObject({ ok: true, degraded: false });
  expect(await node()).toMatchObject({ ok: true, degraded: false });
});
