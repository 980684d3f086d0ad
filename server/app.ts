import type { Config } from './config.ts';
import { createAccounts, type Accounts } from './accounts/accounts.ts';
import { createOwnAccount, type OwnAccount } from './accounts/own-account.ts';
import { createPasswords } from './accounts/passwords.ts';
import { createUsers, type Users } from './accounts/users.ts';
import { createBooking, type Booking } from './booking/booking.ts';
import { createCache, type Cache } from './cache/cache.ts';
import { createCatalog, type Catalog } from './catalog/catalog.ts';
import { createCheckIn, type CheckIn } from './check-in/check-in.ts';
import { createDesk, type Desk } from './catalog/desk.ts';
import { telling } from './catalog/touched.ts';
import { createControl, type Control } from './control/control.ts';
import { openDatabase, type Database } from './db/database.ts';
import { createEmbed, type Embed } from './embed/embed.ts';
import type { Inbox } from './embedded/inbox.ts';
import { createHttpLimits, type HttpLimits } from './http-limits.ts';
import { createHealth, type Health } from './health.ts';
import { createIdempotency, type Idempotency } from './idempotency/idempotency.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { speak } from './language.ts';
import { createLive, type Live } from './live/live.ts';
import { createLog, type Logger } from './log.ts';
import { createMail, type Mail } from './mail/mail.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { countCheckouts, countRefusedMessages } from './metrics/count-sales.ts';
import { countSeats } from './metrics/count-seats.ts';
import { measure } from './metrics/measures.ts';
import { timeRedis } from './metrics/time-redis.ts';
import { createPayments, type Payments } from './payments/payments.ts';
import { createPictures, type Pictures } from './pictures/pictures.ts';
import { connectRedis } from './redis/connections.ts';
import { createKeys } from './redis/keys.ts';
import { createRehearsals, type Rehearsals } from './rehearsal/rehearsals.ts';
import { createRehearser } from './rehearsal/rehearser.ts';
import { createReconciler, type Reconciler } from './reconcile/reconcile.ts';
import { createReports, type Reports } from './reports/reports.ts';
import { createSeatLog, type SeatLog } from './seat-log/seat-log.ts';
import { createSeats, type Seats } from './seats/seats.ts';
import { createWaiting, type Waiting } from './waiting/waiting.ts';
import { createWaitingRoom, type WaitingRoom } from './waiting-room/waiting-room.ts';
import { createTickets, type Tickets } from './tickets/tickets.ts';
import { createHoldTraces, traceCheckouts, traceHolds } from './tracing/sale.ts';
import { traceDatabase } from './tracing/sql.ts';
import { createWebhooks, type Webhooks } from './webhooks/webhooks.ts';

/** One of each service. Pages, API routes, sockets and jobs all share it. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Database;
  readonly cache: Cache;
  readonly metrics: Metrics;
  readonly pictures: Pictures;
  readonly seats: Seats;
  readonly seatLog: SeatLog;
  readonly rehearsals: Rehearsals;
  readonly reconciler: Reconciler;
  readonly catalog: Catalog;
  readonly desk: Desk;
  readonly control: Control;
  readonly idempotency: Idempotency;
  readonly accounts: Accounts;
  readonly ownAccount: OwnAccount;
  readonly payments: Payments;
  readonly booking: Booking;
  readonly waiting: Waiting;
  readonly waitingRoom: WaitingRoom;
  readonly webhooks: Webhooks;
  readonly embed: Embed;
  readonly mail: Mail;
  readonly jobs: Jobs;
  readonly live: Live;
  readonly reports: Reports;
  readonly users: Users;
  readonly health: Health;
  readonly httpLimits: HttpLimits;
  readonly tickets: Tickets;
  readonly checkIn: CheckIn;
  /** Whatever is said in `work` is said in that language. */
  readonly speak: typeof speak;
  /** The mail catcher's inbox where one runs in this process (demo and tests), else null. */
  readonly inbox: Inbox | null;
  /** Closes everything in the opposite order of its making. Can be called twice. */
  close(): Promise<void>;
}

/** Where the running App is kept for the pages, so that Vite's and the server's module graphs share one. */
export const APP_KEY = Symbol.for('fullhouse.app');

/** Builds every service once. Nothing is started but connections: see Live.attach and Jobs.start. */
export function createApp(config: Config, given: { log?: Logger; inbox?: Inbox | null } = {}): App {
  const log = given.log ?? createLog(config.logLevel, config.mode === 'demo' || config.mode === 'development');
  const metrics = createMetrics();
  const redis = connectRedis(config, log);
  timeRedis(redis.commands, metrics);
  const keys = createKeys(config.redisPrefix);
  const cache = createCache({ redis: redis.commands, keys, metrics });
  const httpLimits = createHttpLimits({ config, redis: redis.commands, keys, metrics });
  // Whoever writes to the catalogue through this, the cache is told.
  const opened = openDatabase(config.databaseUrl, log);
  const db = telling(cache, config.tracing ? traceDatabase(opened) : opened);
  const holdTraces = config.tracing && createHoldTraces(redis.commands, keys);
  measure({ db, redis: redis.commands, keys, metrics });
  const counted = countSeats(createSeats({ config, db, redis, metrics, log }), metrics);
  const seats = holdTraces ? traceHolds(counted, holdTraces) : counted;
  const reconciler = createReconciler({ db, redis, seats, metrics, log });
  const catalog = createCatalog({ db, cache, seats });
  const seatLog = createSeatLog({
    ...{ db, redis: redis.commands, seats, config, log, metrics },
    planOf: (id) => catalog.plan(id)
  });
  const idempotency = createIdempotency({ db, redis: redis.commands, keys, log });
  const passwords = createPasswords();
  const accounts = createAccounts({
    ...{ db, config, log, passwords },
    sessionEnded: (id) => live.signOut(id)
  });
  const payments = countRefusedMessages(createPayments({ db, seats, config, metrics, log }), metrics);
  const pictures = createPictures({ db, config, log });
  const mail = createMail({ db, config, metrics, log });
  const waiting = createWaiting({
    ...{ db, seats, config, log },
    offered: (user, show) => live.offered(user, show)
  });
  const webhooks: Webhooks = createWebhooks({ db, config, log, wakeRelay: () => jobs.poke() });
  const jobs: Jobs = createJobs({
    ...{ db, config, log, seats, seatLog, reconciler, payments, mail, pictures, waiting, webhooks },
    rehearser: createRehearser({ db, redis: redis.commands, config, log })
  });
  const bookings = countCheckouts(
    createBooking({
      ...{ db, seats, payments, config, log, wakeRelay: () => jobs.poke() },
      showChanged: (show, what) => live.showChanged(show, what)
    }),
    metrics
  );
  const booking = holdTraces ? traceCheckouts(bookings, holdTraces) : bookings;
  const tickets = createTickets({ db, config });
  const checkIn = createCheckIn({
    ...{ db, log, codes: tickets.codes },
    tell: (show, counts) => live.checkedIn(show, counts)
  });
  const waitingRoom: WaitingRoom = createWaitingRoom({
    ...{ db, redis: redis.commands, seats, config, log },
    tell: (state) => live.roomState(state)
  });
  const live: Live = createLive({
    ...{ config, redis, seats, accounts, mayManage: catalog.mayManage, checkIn, waitingRoom, metrics, log }
  });
  const ownAccount = createOwnAccount({
    ...{ db, config, accounts, passwords },
    closeSockets: (user) => live.signOutEverywhere(user),
    wakeRelay: () => jobs.poke()
  });
  const desk = createDesk({ db, seats, live, pictures, log });
  const control = createControl({ db, config, seats, live, catalog, log });
  const rehearsals = createRehearsals({ db });
  const reports = createReports({ db, seats, live, log });
  const signOut = (user: string) => {
    accounts.forget(user);
    live.signOutEverywhere(user);
  };
  const users = createUsers({ db, signOut });
  const embed = createEmbed({ db, config, redis: redis.commands, keys, seats });
  const health = createHealth({ db, seats });

  let closing: Promise<void> | undefined;
  const close = async () => {
    await jobs.close();
    await reports.close();
    checkIn.close();
    await waitingRoom.close();
    await live.close();
    await seats.close();
    await mail.close();
    cache.close();
    await redis.close();
    await db.close();
  };

  return {
    ...{ config, log, metrics, db, cache, seats, seatLog, reconciler, catalog, desk, control, pictures, tickets },
    ...{ checkIn, accounts, ownAccount, users, payments, booking, waiting, mail, rehearsals, jobs, live, reports },
    ...{ health, webhooks, embed, httpLimits, idempotency, waitingRoom, speak },
    inbox: given.inbox ?? null,
    close: () => (closing ??= close())
  };
}
