import type { PromoBody, PromoPatch, PromoQuery } from '#domain/pricing.ts';
import type { UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, type Refusal } from '#domain/refusal.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { audit, change, invalid, outdated } from './changes.ts';
import { pattern, sortable } from './cursor.ts';
import { owned, type Manager } from './ownership.ts';
import { readPage, type Page } from './pages.ts';

/** A promo code as its organizer sees it. Times are RFC 3339, amounts minor units, shares basis points. */
export interface PromoCode {
  id: string;
  code: string;
  off: { share: number } | { amount: number; currency: string };
  /** null: every show of the organizer. */
  shows: { id: string; title: string; startsAt: string; timeZone: string }[] | null;
  startsAt: string | null;
  endsAt: string | null;
  /** Bookings that were paid with it, and those that may yet be. */
  uses: number;
  usesMax: number | null;
  usesPerUser: number | null;
  active: boolean;
  /** Whether it can be used now, and why not. */
  state: 'usable' | 'off' | 'early' | 'over' | 'used up';
  version: number;
  createdAt: string;
}

export interface PromoCodes {
  list(by: Manager, query: PromoQuery): Promise<Page<PromoCode>>;
  get(by: Manager, id: string): Promise<PromoCode | Refusal>;
  /** Of the manager; one that an admin makes for chosen shows belongs to their organizer. */
  create(by: Manager, body: PromoBody): Promise<PromoCode | Refusal>;
  /** The code itself stays. What was bought with it keeps its price. Refuses CHANGED_MEANWHILE. */
  update(by: Manager, id: string, patch: PromoPatch): Promise<PromoCode | Refusal>;
}

const STATE = `case when not p.active then 'off' when p.starts_at > now() then 'early' when p.ends_at <= now() then 'over'
  when p.uses >= p.uses_max then 'used up' else 'usable' end`;
const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const PROMO = `p.id, p.code, p.uses, p.uses_max as "usesMax", p.uses_per_user as "usesPerUser", p.active, p.version,
  ${utc('p.starts_at')} as "startsAt", ${utc('p.ends_at')} as "endsAt", ${utc('p.created_at')} as "createdAt",
  ${STATE} as state,
  json_strip_nulls(json_build_object('share', p.share, 'amount', p.amount, 'currency', p.currency)) as off,
  case when not p.every_show then (
    select coalesce(json_agg(json_build_object('id', s.id, 'title', e.title, 'startsAt', ${utc('s.starts_at')},
                                               'timeZone', v.time_zone) order by s.starts_at, s.id), '[]')
      from promo_show o join show s on s.id = o.show_id join event e on e.id = s.event_id join venue v on v.id = s.venue_id
     where o.promo_id = p.id) end as shows`;

const SORTS: Record<PromoQuery['sort'], { key: string; order: 'asc' | 'desc' }> = {
  code: { key: 'p.code', order: 'asc' },
  newest: { key: sortable('p.created_at'), order: 'desc' },
  uses: { key: `lpad(p.uses::text, 12, '0')`, order: 'desc' }
};

export function createPromoCodes(db: Database): PromoCodes {
  async function read(sql: Sql, by: Manager, id: string, lock = ''): Promise<PromoCode | Refusal> {
    const found = await sql.query<PromoCode>(
      `select ${PROMO} from promo_code p where p.id = $1 and ${owned('p.organizer_id', 2)} ${lock}`,
      [id, by.owner]
    );
    return found.rows[0] ?? notFound('promo_code');
  }

  /** Whose the shows are, all of them one organizer's; `owner` null: an admin may name anybody's. */
  async function ownerOf(sql: Sql, owner: UserId | null, shows: readonly string[]): Promise<UserId | Refusal> {
    const found = await sql.query<{ organizer: UserId; shows: number }>(
      `select e.organizer_id as organizer, count(*) as shows from show s join event e on e.id = s.event_id
        where s.id = any($1) and ${owned('e.organizer_id', 2)} group by 1`,
      [shows, owner]
    );
    const [first] = found.rows;
    if (first?.shows !== new Set(shows).size)
      return invalid('shows', 'must all be shows of one organizer, and be there');
    return first.organizer;
  }

  async function setShows(sql: Sql, id: string, shows: readonly string[] | null): Promise<void> {
    await sql.query('delete from promo_show where promo_id = $1', [id]);
    await sql.query('insert into promo_show (promo_id, show_id) select $1, s from unnest($2::text[]) s', [
      id,
      [...new Set(shows ?? [])]
    ]);
  }

  return {
    list: (by, query) =>
      readPage(
        db,
        {
          ...{ columns: PROMO, from: 'promo_code p', id: 'p.id', ...SORTS[query.sort] },
          where: `${owned('p.organizer_id', 1)} and ($2::text is null or p.code ilike $2)
            and ($3 = 'all' or (${STATE} = 'usable') = ($3 = 'usable'))`,
          values: [by.owner, pattern(query.q), query.state]
        },
        query
      ),

    get: (by, id) => read(db, by, id),

    create: (by, body) =>
      change(db, async (sql) => {
        const owner = body.shows === null ? by.user : await ownerOf(sql, by.owner, body.shows);
        if (isRefusal(owner)) return owner;
        const id = newId();
        const { off } = body;
        await sql.query(
          `insert into promo_code (id, organizer_id, code, share, amount, currency, every_show, starts_at, ends_at,
                                   uses_max, uses_per_user, active)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
          [
            ...[id, owner, body.code, 'share' in off ? off.share : null, 'amount' in off ? off.amount : null],
            ...['currency' in off ? off.currency : null, body.shows === null, body.startsAt, body.endsAt],
            ...[body.usesMax, body.usesPerUser, body.active]
          ]
        );
        await setShows(sql, id, body.shows);
        const made = await read(sql, by, id);
        await audit(sql, by, 'promo', id, null, isRefusal(made) ? null : made);
        return made;
      }),

    update: (by, id, { version, ...patch }) =>
      change(db, async (sql) => {
        const before = await read(sql, by, id, 'for update of p');
        if (isRefusal(before)) return before;
        const late = outdated(before, version);
        if (late) return late;
        if (patch.shows) {
          const whose = await sql.query<{ owner: UserId }>(
            'select organizer_id as owner from promo_code where id = $1',
            [id]
          );
          const owner = await ownerOf(sql, whose.rows[0]?.owner ?? by.user, patch.shows);
          if (isRefusal(owner)) return owner;
        }
        const next = { ...before, ...patch, off: patch.off ?? before.off };
        await sql.query(
          `update promo_code set share = $2, amount = $3, currency = $4, every_show = $5, starts_at = $6, ends_at = $7,
                  uses_max = $8, uses_per_user = $9, active = $10, version = version + 1, updated_at = now() where id = $1`,
          [
            ...[id, 'share' in next.off ? next.off.share : null, 'amount' in next.off ? next.off.amount : null],
            ...['currency' in next.off ? next.off.currency : null, next.shows === null, next.startsAt, next.endsAt],
            ...[next.usesMax, next.usesPerUser, next.active]
          ]
        );
        if (patch.shows !== undefined) await setShows(sql, id, patch.shows);
        const after = await read(sql, by, id);
        await audit(sql, by, 'promo', id, before, isRefusal(after) ? null : after);
        return after;
      })
  };
}
