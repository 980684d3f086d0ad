import { freeSeats } from './crowds.ts';
import type { Fault } from './fault.ts';

/** What happens to Postgres. Seats are held and released all the while; nothing is booked, and nothing is charged. */
const AWAY = { recovers: { what: 'book', withinMs: 10_000 }, delays: ['mails', 'work'] } as const;

export const brokenConnections: Fault = {
  id: 'N7',
  name: 'Postgres drops every connection, answers get lost, and it is stopped at once (SIGQUIT) and started again',
  expected: 'Whoever does not know how a COMMIT ended finds out by the key; checkout works again without a restart.',
  lastsMs: { long: 6000, short: 2500 },
  relaxes: {},
  ...AWAY,
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

/** How soon somebody who comes while Postgres is away has to be holding seats: a page load, and a click or two. */
const SERVED_WITHIN_MS = 10_000;

export const unreachablePostgres: Fault = {
  id: 'N8',
  name: 'Postgres cannot be reached',
  expected: 'The map and holds go on, for those who come now, too; checkout says BUSY; nothing is charged.',
  lastsMs: { long: 60_000, short: 3000 },
  relaxes: {},
  alone: true,
  ...AWAY,
  async begin(field, lastsMs) {
    const { stack, workload, wait, broke, note } = field;
    const seats = await freeSeats(field, 5);
    const wires = [...stack.wires.values()].map((own) => own.postgres);
    for (const wire of wires) wire.cut();
    await wait(lastsMs / 2);
    const came = await workload.ask('rush', { seats, perSeat: 1, buys: false });
    const held = Object.keys(came.winners).length;
    note(`of 5 who came meanwhile ${held} held a seat, ${came.refused} were told why not`);
    // Another may have clicked one of these seats just now; not all of them.
    if (held === 0 || held + came.refused < seats.length || came.slowestMs > SERVED_WITHIN_MS)
      broke('L4', 'who comes while Postgres is away cannot hold seats', came);
    return () => wires.forEach((wire) => wire.mend());
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
  ...AWAY,
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
