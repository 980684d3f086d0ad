import { enqueueAll } from '../booking/outbox.ts';
import { ZONE_OF_OWNER } from '../reports/window.ts';
import type { JobParts } from './parts.ts';

/**
 * Writes down the report of the month that has ended, for each organizer who had an event by then: from seven in the
 * morning of the first day on. Days are those of the zone that the desk's reports count in (that of most of their
 * venues), so that the figures in the mail are the ones that the desk shows. One a month, whoever asks and however
 * often; a worker that was away on the first day does it when it is back. `at` stands for now.
 */
export async function reportMonths({ db, log }: Pick<JobParts, 'db' | 'log'>, at: Date | null = null): Promise<number> {
  return db.transaction(async (sql) => {
    const { rows } = await sql.query<{ organizer_id: string; month: string }>(
      `insert into monthly_report (organizer_id, month, zone)
       select o.id, (first_day - interval '1 month')::date, o.zone
         from (select u.id, ${ZONE_OF_OWNER('u.id')} as zone from app_user u
                where u.deleted_at is null and u.role in ('organizer', 'admin')) o
         cross join lateral (select coalesce($1, now()) at time zone o.zone as here) clock
         cross join lateral (select date_trunc('month', here) as first_day) month
        where here >= first_day + interval '7 hours'
          and exists (select 1 from event e where e.organizer_id = o.id and e.created_at < first_day at time zone o.zone)
       on conflict on constraint one_report_per_month do nothing
       returning organizer_id, to_char(month, 'YYYY-MM-DD') as month`,
      [at]
    );
    await enqueueAll(
      sql,
      'mail.monthly-report',
      rows.map(({ organizer_id, month }) => ({
        payload: { organizerId: organizer_id, month },
        dedupeKey: `${organizer_id}:${month}`
      }))
    );
    if (rows.length > 0) log.info({ organizers: rows.length }, 'monthly reports are on their way');
    return rows.length;
  });
}
