import * as said from '#domain/messages/compiled/refusals_sale.js';
import { isLocal, type EmbedSiteBody } from '#domain/embed.ts';
import type { UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { refuse, type Refusal } from '#domain/refusal.ts';
import { audit, change, invalid } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { newId } from '../ids.ts';

/** A site on whose pages seat maps may stand. */
export interface Site {
  id: string;
  /** Scheme, host and port, as a browser names it. */
  origin: string;
  owner: { id: UserId; name: string };
  createdAt: string;
}

/** An organizer's sites may show the maps of their own shows, an admin's those of all. */
export interface Sites {
  list(by: Manager): Promise<Site[]>;
  /** Refuses INVALID, LIMIT_REACHED. */
  add(by: Manager, body: EmbedSiteBody): Promise<Site | Refusal>;
  /** The site it was. From the next page on its visitors see no map; who has one open goes on. Refuses NOT_FOUND. */
  remove(by: Manager, id: string): Promise<Site | Refusal>;
  /** The origins that may frame the shows of this organizer; a suspended account has none. */
  framing(organizer: UserId): Promise<string[]>;
}

/** All of them stand in a header of each framed page. */
const OF_ONE_OWNER = 20;

interface Row {
  id: string;
  origin: string;
  owner_id: UserId;
  owner: string;
  created_at: Date;
}
const SITE = 's.id, s.origin, s.owner_id, u.name as owner, s.created_at';
const FROM = 'embed_site s join app_user u on u.id = s.owner_id';
const toSite = (row: Row): Site => ({
  ...{ id: row.id, origin: row.origin, owner: { id: row.owner_id, name: row.owner } },
  createdAt: row.created_at.toISOString()
});

export function createSites({ db, config }: { db: Database; config: Pick<Config, 'mode'> }): Sites {
  return {
    async list(by) {
      const { rows } = await db.query<Row>(
        `select ${SITE} from ${FROM} where ${owned('s.owner_id', 1)} order by s.origin, s.id limit 500`,
        [by.owner]
      );
      return rows.map(toSite);
    },

    add: (by, { origin }) =>
      change(db, async (sql) => {
        if (config.mode === 'production' && isLocal(origin)) return invalid('origin', 'must begin with https://');
        // One at a time for each owner, so that the count is right.
        await sql.query('select 1 from app_user where id = $1 for no key update', [by.user]);
        const own = await sql.query<{ count: number }>('select count(*) from embed_site where owner_id = $1', [
          by.user
        ]);
        if ((own.rows[0]?.count ?? 0) >= OF_ONE_OWNER)
          return refuse('LIMIT_REACHED', said.sites_full({ count: OF_ONE_OWNER }));
        const id = newId();
        await sql.query('insert into embed_site (id, owner_id, origin) values ($1, $2, $3)', [id, by.user, origin]);
        await audit(sql, { user: by.user, owner: by.user }, 'site', id, null, { origin });
        const { rows } = await sql.query<Row>(`select ${SITE} from ${FROM} where s.id = $1`, [id]);
        return rows[0] ? toSite(rows[0]) : notFound('site');
      }),

    remove: (by, id) =>
      change(db, async (sql) => {
        const { rows } = await sql.query<Row>(
          `select ${SITE} from ${FROM} where s.id = $1 and ${owned('s.owner_id', 2)} for update of s`,
          [id, by.owner]
        );
        if (!rows[0]) return notFound('site');
        await audit(sql, by, 'site', id, { origin: rows[0].origin }, null);
        await sql.query('delete from embed_site where id = $1', [id]);
        return toSite(rows[0]);
      }),

    async framing(organizer) {
      const { rows } = await db.query<{ origin: string }>(
        `select distinct s.origin from ${FROM}
          where (s.owner_id = $1 or u.role = 'admin') and u.suspended_at is null order by 1`,
        [organizer]
      );
      const origins = rows.map(({ origin }) => origin);
      // Data of a trial that moved into production with everything else.
      return config.mode === 'production' ? origins.filter((origin) => !isLocal(origin)) : origins;
    }
  };
}
