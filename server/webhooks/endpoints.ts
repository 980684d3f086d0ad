import * as m from '#domain/messages/compiled/refusals_desk.js';
import type { UserId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import type { WebhookBody, WebhookEvent, WebhookPatch } from '#domain/webhooks.ts';
import { audit, change, invalid, outdated } from '../catalog/changes.ts';
import { owned, type Manager } from '../catalog/ownership.ts';
import type { Config } from '../config.ts';
import type { Database, Sql } from '../db/database.ts';
import { newId } from '../ids.ts';
import { secretOf } from './secret.ts';

/** Where a message goes, as its owner sees it. The secret is in no list: it is answered once, when it is made. */
export interface Endpoint {
  id: string;
  name: string;
  url: string;
  events: WebhookEvent[];
  active: boolean;
  owner: { id: UserId; name: string };
  /** No message has arrived since (RFC 3339). */
  failingSince: string | null;
  /** When we switched it off, because it failed for so long. */
  disabledAt: string | null;
  rotatedAt: string | null;
  version: number;
  createdAt: string;
}

/** An organizer's endpoints hear of their own events, an admin's of all. */
export interface Endpoints {
  list(by: Manager): Promise<Endpoint[]>;
  get(by: Manager, id: string): Promise<Endpoint | Refusal>;
  /** Refuses INVALID, LIMIT_REACHED. */
  create(by: Manager, body: WebhookBody): Promise<{ endpoint: Endpoint; secret: string } | Refusal>;
  /** Switched on again it begins anew. Refuses NOT_FOUND, INVALID, CHANGED_MEANWHILE. */
  update(by: Manager, id: string, patch: WebhookPatch): Promise<Endpoint | Refusal>;
  /** Another secret; the one before is good for a day more. */
  rotate(by: Manager, id: string): Promise<{ endpoint: Endpoint; secret: string } | Refusal>;
  /** With its log. */
  remove(by: Manager, id: string): Promise<Refusal | null>;
}

const OF_ONE_OWNER = 20;

interface Row {
  id: string;
  name: string;
  url: string;
  events: WebhookEvent[];
  active: boolean;
  owner_id: UserId;
  owner: string;
  failing_since: Date | null;
  disabled_at: Date | null;
  rotated_at: Date | null;
  version: number;
  created_at: Date;
  secret_number: number;
}
const ENDPOINT = `w.id, w.name, w.url, w.events, w.active, w.owner_id, u.name as owner, w.failing_since, w.disabled_at,
  w.rotated_at, w.version, w.created_at, w.secret_number`;
const FROM = 'webhook_endpoint w join app_user u on u.id = w.owner_id';

const toEndpoint = (row: Row): Endpoint => ({
  ...{ id: row.id, name: row.name, url: row.url, events: row.events, active: row.active, version: row.version },
  owner: { id: row.owner_id, name: row.owner },
  failingSince: row.failing_since?.toISOString() ?? null,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  rotatedAt: row.rotated_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString()
});

/** What the audit log keeps of it. */
const noted = ({ name, url, events, active }: Endpoint) => ({ name, url, events, active });

export function createEndpoints({ db, config }: { db: Database; config: Config }): Endpoints {
  async function read(sql: Sql, by: Manager, id: string, lock = ''): Promise<Row | Refusal> {
    const { rows } = await sql.query<Row>(
      `select ${ENDPOINT} from ${FROM} where w.id = $1 and ${owned('w.owner_id', 2)} ${lock}`,
      [id, by.owner]
    );
    return rows[0] ?? notFound('webhook');
  }

  /** Where a network of ours may be reached, the way there needs no certificate either. */
  const wrongTarget = (url: string | undefined) =>
    url?.startsWith('http:') === true && config.mode === 'production' && config.webhooks.allowPrivate === false
      ? invalid('url', 'must begin with https://')
      : null;

  async function changed(by: Manager, id: string, set: string, values: unknown[], action: string, version?: number) {
    return change(db, async (sql): Promise<Row | Refusal> => {
      const before = await read(sql, by, id, 'for update of w');
      if (isRefusal(before)) return before;
      const late = outdated(toEndpoint(before), version);
      if (late) return late;
      await sql.query(`update webhook_endpoint set ${set}, version = version + 1, updated_at = now() where id = $1`, [
        id,
        ...values
      ]);
      const after = await read(sql, by, id);
      if (!isRefusal(after))
        await audit(sql, by, 'webhook', id, noted(toEndpoint(before)), noted(toEndpoint(after)), action);
      return after;
    });
  }

  return {
    async list(by) {
      const { rows } = await db.query<Row>(
        `select ${ENDPOINT} from ${FROM} where ${owned('w.owner_id', 1)} order by w.created_at desc, w.id limit 200`,
        [by.owner]
      );
      return rows.map(toEndpoint);
    },

    async get(by, id) {
      const found = await read(db, by, id);
      return isRefusal(found) ? found : toEndpoint(found);
    },

    create: (by, { name, url, events, active }) =>
      change(db, async (sql) => {
        const wrong = wrongTarget(url);
        if (wrong) return wrong;
        // One at a time for each owner, so that the count is right.
        await sql.query('select 1 from app_user where id = $1 for no key update', [by.user]);
        const own = await sql.query<{ count: number }>('select count(*) from webhook_endpoint where owner_id = $1', [
          by.user
        ]);
        if ((own.rows[0]?.count ?? 0) >= OF_ONE_OWNER)
          return refuse('LIMIT_REACHED', m.webhooks_full({ count: OF_ONE_OWNER }));
        const id = newId();
        await sql.query(
          'insert into webhook_endpoint (id, owner_id, name, url, events, active) values ($1, $2, $3, $4, $5, $6)',
          [id, by.user, name, url, events, active]
        );
        const made = await read(sql, by, id);
        if (isRefusal(made)) return made;
        const endpoint = toEndpoint(made);
        await audit(sql, { user: by.user, owner: by.user }, 'webhook', id, null, noted(endpoint));
        return { endpoint, secret: secretOf(config, made) };
      }),

    async update(by, id, { version, ...patch }) {
      const wrong = wrongTarget(patch.url);
      if (wrong) return wrong;
      const done = await changed(
        by,
        id,
        `name = coalesce($2, name), url = coalesce($3, url), events = coalesce($4, events), active = coalesce($5, active),
         disabled_at = case when $5 then null else disabled_at end,
         failing_since = case when $5 then null else failing_since end`,
        [patch.name ?? null, patch.url ?? null, patch.events ?? null, patch.active ?? null],
        'update',
        version
      );
      return isRefusal(done) ? done : toEndpoint(done);
    },

    async rotate(by, id) {
      const set = 'secret_number = secret_number + 1, rotated_at = now()';
      const done = await changed(by, id, set, [], 'rotate secret');
      return isRefusal(done) ? done : { endpoint: toEndpoint(done), secret: secretOf(config, done) };
    },

    async remove(by, id) {
      const gone = await change(db, async (sql) => {
        const before = await read(sql, by, id, 'for update of w');
        if (isRefusal(before)) return before;
        await audit(sql, by, 'webhook', id, noted(toEndpoint(before)), null);
        await sql.query('delete from webhook_endpoint where id = $1', [id]);
        return true;
      });
      return isRefusal(gone) ? gone : null;
    }
  };
}
