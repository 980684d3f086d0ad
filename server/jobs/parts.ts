import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Mail } from '../mail/mail.ts';
import type { Payments } from '../payments/payments.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { SeatLog } from '../seat-log/seat-log.ts';
import type { Reconciler } from '../reconcile/reconcile.ts';
import type { Seats } from '../seats/seats.ts';
import type { Waiting } from '../waiting/waiting.ts';

/** What jobs work with. */
export interface JobParts {
  db: Database;
  config: Config;
  log: Logger;
  seats: Seats;
  seatLog: SeatLog;
  reconciler: Pick<Reconciler, 'all'>;
  payments: Payments;
  mail: Mail;
  pictures: Pictures;
  waiting: Pick<Waiting, 'serveAll'>;
}
