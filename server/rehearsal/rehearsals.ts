import * as m from '#domain/messages/compiled/refusals_sale.js';
import type { RehearsalBody, RehearsalView } from '#domain/rehearsal.ts';
import type { ShowId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { audit, change } from '../catalog/changes.ts';
import { readOwnShow } from '../catalog/own-shows.ts';
import type { Manager } from '../catalog/ownership.ts';
import { violatedConstraint, type Database } from '../db/database.ts';
import { newId } from '../ids.ts';

/** Rehearsals as the desk asks for them: for admins, of shows whose sale has not begun, one at a time. */
export interface Rehearsals {
  /** Refuses NOT_FOUND, ON_SALE, REHEARSAL_RUNS. */
  start(by: Manager, show: ShowId, body: RehearsalBody): Promise<{ id: string } | Refusal>;
  /** It ends within seconds. Nothing happens when none runs. */
  stop(by: Manager, show: ShowId): Promise<null | Refusal>;
  /** The show's latest one; null when there was none. */
  latest(by: Manager, show: ShowId): Promise<RehearsalView | null | Refusal>;
  /** Why none can be started, or null. */
  obstacle(by: Manager, show: ShowId): Promise<Refusal | null>;
}

type Row = Omit<RehearsalView, 'createdAt' | 'endedAt'> & { createdAt: Date; endedAt: Date | null };

export function createRehearsals({ db }: { db: Database }): Rehearsals {
  async function mayStart(sql: Pick<Database, 'query'>, by: Manager, show: ShowId): Promise<Refusal | null> {
    // It takes the machine's power from every other sale: that is an admin's to decide.
    if (by.owner !== null) return notFound('show');
    const own = await readOwnShow(sql, by, show);
    if (isRefusal(own)) return own;
    const { rows } = await sql.query<{ begun: boolean }>(
      `select s.cancelled_at is not null or s.starts_at <= now() or exists (select 1 from booking where show_id = s.id)
              or not (s.sale = 'paused' or s.sale_opens_at > now()) as begun
         from show s where s.id = $1`,
      [show]
    );
    if (!rows[0]?.begun) return null;
    return refuse('ON_SALE', m.sale_begun());
  }

  async function latest(show: ShowId): Promise<RehearsalView | null> {
    const { rows } = await db.query<Row>(
      `select id, state, buyers, seconds, created_at as "createdAt", ended_at as "endedAt", doing, progress, verdict
         from rehearsal where show_id = $1 order by created_at desc limit 1`,
      [show]
    );
    const [row] = rows;
    return row ? { ...row, createdAt: row.createdAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null } : null;
  }

  return {
    obstacle: (by, show) => mayStart(db, by, show),

    async start(by, show, { buyers, seconds }) {
      const id = newId();
      try {
        return await change(db, async (sql) => {
          const refusal = await mayStart(sql, by, show);
          if (refusal) return refusal;
          await sql.query(
            'insert into rehearsal (id, show_id, started_by, buyers, seconds) values ($1, $2, $3, $4, $5)',
            [id, show, by.user, buyers, seconds]
          );
          await audit(sql, by, 'show', show, null, { buyers, seconds }, 'rehearse');
          return { id };
        });
      } catch (error) {
        if (violatedConstraint(error) !== 'one_rehearsal_at_a_time') throw error;
        return refuse('REHEARSAL_RUNS', m.rehearsal_runs());
      }
    },

    async stop(by, show) {
      if (by.owner !== null) return notFound('show');
      const own = await readOwnShow(db, by, show);
      if (isRefusal(own)) return own;
      await db.query(
        `update rehearsal set state = case when state = 'waiting' then 'stopped' else 'stopping' end,
                              ended_at = case when state = 'waiting' then now() end
          where show_id = $1 and state in ('waiting', 'running')`,
        [show]
      );
      return null;
    },

    async latest(by, show) {
      if (by.owner !== null) return notFound('show');
      const own = await readOwnShow(db, by, show);
      return isRefusal(own) ? own : latest(show);
    }
  };
}
