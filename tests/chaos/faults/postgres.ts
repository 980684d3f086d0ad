import { nothingToEnd, type Fault } from './fault.ts';

/** What happens to Postgres. Seats are held and released all the while; nothing is booked, and nothing is charged. */
const BACK = { recovers: { what: 'book', withinMs: 10_000 }, repeatsMails: true } as const;

export const brokenConnections: Fault = {
  id: 'N7',
  name: 'Postgres drops every connection, answers get lost, and it is stopped at once (SIGQUIT) and started again',
  expected: 'Whoever does not know how a COMMIT ended finds out by the key; checkout works again without a restart.',
  lastsMs: { long: 6000, short: 2500 },
  relaxes: {},
  ...BACK,
  async begin({ stack, wait }, lastsMs) {
    const { postgres } = stack.servers;
    await stack.db.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()'
    );
    await wait(lastsMs / 4);
    for (const own of stack.wires.values()) own.postgres.loseAnswers(lastsMs / 4);
    await wait(lastsMs / 2);
    await postgres.stopAtOnce();
    return () => postgres.start();
  }
};

export const unreachablePostgres: Fault = {
  id: 'N8',
  name: 'Postgres cannot be reached',
  expected: 'The map and holds go on for whoever is connected; checkout says BUSY; nothing is charged.',
  lastsMs: { long: 30_000, short: 3000 },
  relaxes: {},
  ...BACK,
  begin({ stack }) {
    const wires = [...stack.wires.values()].map((own) => own.postgres);
    for (const wire of wires) wire.cut();
    return Promise.resolve(() => {
      for (const wire of wires) wire.mend();
      return nothingToEnd();
    });
  }
};

/** The tables that a checkout and what follows it write to. */
const TABLES = ['booking', 'booking_seat', 'payment', 'outbox'];

export const fullPostgres: Fault = {
  id: 'N20p',
  name: 'Postgres has no room on its disk (writes fail with 53100, as a trigger raises it: the disk itself is not filled)',
  expected: 'Checkout says BUSY; what can be read is read; no half-done booking.',
  lastsMs: { long: 8000, short: 2500 },
  relaxes: {},
  ...BACK,
  async begin({ stack: { db } }) {
    await db.query(`create or replace function chaos_no_room() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`);
    for (const table of TABLES)
      await db.query(
        `create trigger chaos_no_room before insert or update on ${table} execute function chaos_no_room()`
      );
    return async () => {
      for (const table of TABLES) await db.query(`drop trigger chaos_no_room on ${table}`);
    };
  }
};
