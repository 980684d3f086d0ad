import type { ShowId } from '#domain/ids.ts';
import { faultPoint } from '../booking/fault-points.ts';
import { enqueueAll } from '../booking/outbox.ts';
import type { JobParts } from './parts.ts';

const PORTION = 500;
/** A booking that is being paid for is told once that is over, if it stands then (ms after its time to pay). */
const AFTER_PAYING_MS = 60_000;

interface Concerned {
  id: string;
  pending: boolean;
  expires_at: Date;
}

/**
 * A change of a show becomes a mail for each booking that was made before it. Bookings are walked in portions by their
 * id, and each mail is written down under its own key: after a crash the next run goes over what is there already.
 */
export async function tellShowChanged({ db, log }: Pick<JobParts, 'db' | 'log'>, changeId: number): Promise<void> {
  const found = await db.query<{ show_id: ShowId; at: string }>(
    'select show_id, at::text from show_change where id = $1',
    [changeId]
  );
  const [change] = found.rows;
  // The show has been deleted meanwhile: nobody had booked it.
  if (!change) return;
  let last = '00000000-0000-0000-0000-000000000000';
  let told = 0;
  for (;;) {
    const { rows } = await db.query<Concerned>(
      `select id, status = 'PENDING' as pending, expires_at from booking
        where show_id = $1 and status in ('PENDING', 'CONFIRMED') and created_at <= $2 and id > $3
        order by id limit ${PORTION}`,
      [change.show_id, change.at, last]
    );
    await enqueueAll(
      db,
      'mail.show-changed',
      rows.map(({ id, pending, expires_at }) => ({
        payload: { bookingId: id, changeId },
        dedupeKey: `${changeId}:${id}`,
        dueAt: pending ? new Date(expires_at.getTime() + AFTER_PAYING_MS) : null
      }))
    );
    faultPoint('show-changed:after-portion');
    told += rows.length;
    last = rows.at(-1)?.id ?? last;
    if (rows.length < PORTION) break;
  }
  log.info({ show: change.show_id, bookings: told }, 'those who had booked are told of a change');
}
