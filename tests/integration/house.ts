import { createServer, type Server } from 'node:http';
import type { Hold } from '../../src/lib/domain/protocol.ts';
import { isRefusal, type Refusal } from '../../src/lib/domain/refusal.ts';
import { SeatState, seatState, type SeatStateName } from '../../src/lib/domain/seat-map.ts';
import { createBooking, type Booking, type BookingParts } from '../../server/booking/booking.ts';
import type { Buyer } from '../../server/booking/checkout.ts';
import type { Config } from '../../server/config.ts';
import { openDatabase, type Database } from '../../server/db/database.ts';
import { createJobs, type JobOptions, type Jobs } from '../../server/jobs/jobs.ts';
import { createLog, type Logger } from '../../server/log.ts';
import { createMail, type Mail } from '../../server/mail/mail.ts';
import { createMetrics } from '../../server/metrics.ts';
import { createPayments, type PaymentOptions, type Payments } from '../../server/payments/payments.ts';
import { createPictures, type Pictures } from '../../server/pictures/pictures.ts';
import { connected, connectRedis, type RedisConnections } from '../../server/redis/connections.ts';
import { createRehearser } from '../../server/rehearsal/rehearser.ts';
import { createSeatLog, type SeatLog } from '../../server/seat-log/seat-log.ts';
import { createReconciler, type Reconciler } from '../../server/reconcile/reconcile.ts';
import { createSeats, type Seats } from '../../server/seats/seats.ts';
import { createWaiting, type Waiting } from '../../server/waiting/waiting.ts';
import type { DeliveryOptions } from '../../server/webhooks/deliver.ts';
import { createWebhooks, type Webhooks } from '../../server/webhooks/webhooks.ts';
import { makeUser } from './shows.ts';

/**
 * One process' worth of booking, payments, mail and jobs on real parts, with the patience of a test. Its HTTP
 * server knows one address: the webhook.
 */
export interface House {
  config: Config;
  db: Database;
  redis: RedisConnections;
  seats: Seats;
  seatLog: SeatLog;
  payments: Payments;
  booking: Booking;
  mail: Mail;
  pictures: Pictures;
  jobs: Jobs;
  waiting: Waiting;
  reconciler: Reconciler;
  webhooks: Webhooks;
  url: string;
  close(): Promise<void>;
}

export interface HouseOptions {
  jobs?: Partial<JobOptions>;
  webhooks?: Partial<DeliveryOptions>;
  resendAfterMs?: number;
  patienceMs?: number;
  refundPauseMs?: number;
  refundFault?: PaymentOptions['refundFault'];
  showChanged?: BookingParts['showChanged'];
  /** How many entries of a kept log stay in Redis. */
  logTail?: number;
  offered?: (user: string, show: string) => void;
  log?: Logger;
}

export async function openHouse(config: Config, options: HouseOptions = {}): Promise<House> {
  const log = options.log ?? createLog(config.logLevel, false);
  const db = openDatabase(config.databaseUrl, log);
  const redis = connectRedis(config, log);
  await connected(redis.commands, 5000);
  const seats = createSeats({ config, db, redis, log });
  const seatLog = createSeatLog(
    { db, redis: redis.commands, seats, config, log, planOf: () => Promise.resolve(null) },
    { everyMs: 100, ...(options.logTail === undefined ? {} : { tail: options.logTail }) }
  );
  const payments = createPayments(
    { db, seats, config, log },
    {
      ...{ patienceMs: options.patienceMs ?? 0, refundPauseMs: options.refundPauseMs ?? 50 },
      ...(options.refundFault ? { refundFault: options.refundFault } : {})
    }
  );
  const mail = createMail({ db, config, log }, { resendAfterMs: options.resendAfterMs ?? 60_000 });
  const pictures = createPictures({ db, config, log });
  const waiting = createWaiting({
    ...{ db, seats, config, log },
    offered: (user, show) => options.offered?.(user, show)
  });
  const reconciler = createReconciler({ db, redis, seats, metrics: createMetrics(), log, againAfterMs: 100 });
  const webhooks: Webhooks = createWebhooks({ db, config, log, wakeRelay: () => jobs.poke() }, options.webhooks);
  const jobs: Jobs = createJobs(
    {
      ...{ db, config, log, seats, seatLog, reconciler, payments, mail, pictures, waiting, webhooks },
      rehearser: createRehearser({ db, redis: redis.commands, config, log })
    },
    { everyMs: 100, redispatchAfterMs: 1000, stalledMs: 1000, ...options.jobs }
  );
  const booking = createBooking({
    ...{ db, seats, payments, config, log, wakeRelay: () => jobs.poke() },
    showChanged: (show, what) => options.showChanged?.(show, what)
  });
  const server = await listenForWebhooks(payments);
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  payments.setBaseUrl(url);
  return {
    ...{
      config,
      db,
      redis,
      seats,
      seatLog,
      payments,
      booking,
      mail,
      pictures,
      jobs,
      waiting,
      reconciler,
      webhooks,
      url
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await jobs.close();
      await seats.close();
      await mail.close();
      await redis.close();
      await db.close();
    }
  };
}

async function listenForWebhooks(payments: Payments): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const gateway = request.url?.split('/').at(-1) ?? '';
      const headers = new Headers(request.headers as Record<string, string>);
      payments.webhook(gateway, Buffer.concat(chunks), headers).then(
        (answer) => response.writeHead(isRefusal(answer) ? answer.httpStatus : 200).end(),
        () => response.writeHead(500).end()
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const must = <T>(value: T | Refusal): T => {
  if (isRefusal(value)) throw new Error(`${value.code}: ${value.message}`);
  return value;
};

export const codeOf = (value: unknown): string => (isRefusal(value) ? value.code : 'OK');

export async function makeBuyer(db: Database): Promise<Buyer & { email: string }> {
  const id = await makeUser(db);
  const email = `${id}@test.example`;
  return { user: { id, email, name: 'Ada Test', role: 'customer' }, buyer: `u_${id}`, guest: null, email };
}

let requests = 0;
export async function holdSeats(house: House, show: string, buyer: string, seats: readonly number[]): Promise<Hold> {
  return must(await house.seats.hold(show, buyer, seats, `request-${requests++}`));
}

export async function stateOf(house: House, show: string, seat: number): Promise<SeatStateName | undefined> {
  const { map } = must(await house.seats.snapshot(show));
  const state = seatState(map, seat);
  return (Object.keys(SeatState) as SeatStateName[]).find((name) => SeatState[name] === state);
}

/** Asks again until the answer is there: what happens after a commit happens soon, not at once. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  ms = 15_000
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
