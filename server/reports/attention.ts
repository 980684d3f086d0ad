import type { ShowId } from '#domain/ids.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Sql } from '../db/database.ts';

/** What somebody should look at: shows that do not sell, mails that do not go out, money that must go back. */
export interface Attention {
  unsold: { id: ShowId; title: string; startsAt: string; timeZone: string }[];
  unsoldCount: number;
  /** Bookings whose mail was refused for good, or has waited for more than ten minutes. */
  mails: { bookingId: string; what: string; why: string }[];
  refundsDue: number;
}

const LISTED = 5;

export async function attention(sql: Sql, by: Manager): Promise<Attention> {
  const [unsold, mails, due] = await Promise.all([
    sql.query<{ id: ShowId; title: string; startsAt: Date; timeZone: string; all: number }>(
      `select s.id, e.title, s.starts_at as "startsAt", v.time_zone as "timeZone", count(*) over () as all
         from show s join event e on e.id = s.event_id join venue v on v.id = s.venue_id
        where s.starts_at > now() and s.sale = 'open' and s.sale_opens_at <= now() and s.sale_closes_at > now()
          and ${owned('e.organizer_id', 1)}
          and not exists (select 1 from booking_seat bs where bs.show_id = s.id and bs.live)
        order by s.starts_at, s.id limit ${LISTED}`,
      [by.owner]
    ),
    sql.query<{ bookingId: string; what: string; why: string }>(
      `with trouble as (
         select split_part(dedupe_key, ':', 2) as about, split_part(dedupe_key, ':', 1) as what, rejected as why, claimed_at as at
           from email_sent where rejected is not null
         union all
         select coalesce(payload ->> 'bookingId', payload ->> 'paymentId'), substr(kind, 6), 'still waiting', due_at
           from outbox where done_at is null and kind like 'mail.%' and due_at < now() - interval '10 minutes'
       )
       select b.id as "bookingId", t.what, t.why
         from trouble t
         left join payment p on p.id = case when t.about ~ '^[0-9a-f-]{36}$' then t.about::uuid end
         join booking b on b.id = coalesce(p.booking_id, case when t.about ~ '^[0-9a-f-]{36}$' then t.about::uuid end)
         join show s on s.id = b.show_id join event e on e.id = s.event_id
        where ${owned('e.organizer_id', 1)}
        order by t.at desc limit ${LISTED}`,
      [by.owner]
    ),
    sql.query<{ count: number }>(
      `select count(*) from booking b join show s on s.id = b.show_id join event e on e.id = s.event_id
        where b.status = 'REFUND_DUE' and ${owned('e.organizer_id', 1)}`,
      [by.owner]
    )
  ]);
  return {
    unsold: unsold.rows.map(({ all: _, startsAt, ...show }) => ({ ...show, startsAt: startsAt.toISOString() })),
    unsoldCount: unsold.rows[0]?.all ?? 0,
    mails: mails.rows,
    refundsDue: due.rows[0]?.count ?? 0
  };
}
