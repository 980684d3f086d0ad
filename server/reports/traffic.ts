import type { ShowId } from '#domain/ids.ts';
import type { Database } from '../db/database.ts';
import type { Live } from '../live/live.ts';
import type { Logger } from '../log.ts';
import type { HoldTally } from '../seats/hold-tally.ts';

/**
 * Adds what this node has counted to `show_traffic`, every few seconds and at the end. A node that crashes loses the
 * seconds since it last wrote: these are statistics, and no click waits for them.
 */
export interface Traffic {
  flush(): Promise<void>;
  close(): Promise<void>;
}

const EVERY_MS = 5000;

export function createTraffic(parts: {
  db: Database;
  tally: HoldTally;
  live: Pick<Live, 'watched'>;
  log: Logger;
  everyMs?: number;
}): Traffic {
  const { db, tally, live, log, everyMs = EVERY_MS } = parts;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const held = tally.take();
    const viewers = live.watched();
    // In one order on all nodes, so that two of them never wait for each other's rows.
    const shows = [...new Set<ShowId>([...held.keys(), ...viewers.keys()])].sort();
    if (shows.length === 0) return;
    try {
      await db.query(
        `insert into show_traffic (show_id, quarter, holds, seats_held, viewers_peak)
         select s.id, date_bin('15 minutes', now(), 'epoch'), t.holds, t.seats, t.viewers
           from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as t (show_id, holds, seats, viewers)
           join show s on s.id = t.show_id
          order by s.id
         on conflict (show_id, quarter) do update
           set holds = show_traffic.holds + excluded.holds,
               seats_held = show_traffic.seats_held + excluded.seats_held,
               viewers_peak = greatest(show_traffic.viewers_peak, excluded.viewers_peak)`,
        [
          ...[shows, shows.map((show) => held.get(show)?.holds ?? 0), shows.map((show) => held.get(show)?.seats ?? 0)],
          shows.map((show) => viewers.get(show) ?? 0)
        ]
      );
    } catch (error) {
      // One statement is written whole or not at all; only an answer that was lost on its way makes it count twice.
      for (const [show, counts] of held) tally.add(show, counts);
      log.debug({ err: error }, 'the traffic could not be written; it is tried again');
    }
  }
  const flush = () => (writing = writing.then(write));
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();

  return {
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    }
  };
}
