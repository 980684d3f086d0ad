import * as m from '#domain/messages/compiled/refusals_desk.js';
import { randomUUID } from 'node:crypto';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { TEST_EVENT, type DeliveriesQuery, type WebhookMessage } from '#domain/webhooks.ts';
import { enqueue } from '../booking/outbox.ts';
import { change } from '../catalog/changes.ts';
import { decodeCursor, sortable, toPage } from '../catalog/cursor.ts';
import type { Manager } from '../catalog/ownership.ts';
import type { Database } from '../db/database.ts';
import type { Endpoints } from './endpoints.ts';

/** What became of one message. Times are RFC 3339. */
export interface Delivery {
  id: string;
  type: string;
  state: 'WAITING' | 'DONE' | 'FAILED';
  attempts: number;
  createdAt: string;
  triedAt: string | null;
  nextAt: string | null;
  /** The answer to the last try: its status, how long it took, how it began. */
  status: number | null;
  tookMs: number | null;
  answer: string | null;
  error: string | null;
  body: string;
}

export interface DeliveryLog {
  list(
    by: Manager,
    endpoint: string,
    query: DeliveriesQuery
  ): Promise<{ items: Delivery[]; next: string | null } | Refusal>;
  /** Once more from the beginning, under the same id. Refuses NOT_FOUND, CHANGED_MEANWHILE (the webhook is off). */
  replay(by: Manager, endpoint: string, delivery: string): Promise<Refusal | null>;
  /** Sends a message that says nothing, to see whether it arrives. Refuses as replay, and LIMIT_REACHED. */
  test(by: Manager, endpoint: string): Promise<{ deliveryId: string } | Refusal>;
}

const TESTS_AT_ONCE = 5;
const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
const isOff = () => refuse('CHANGED_MEANWHILE', m.webhook_off());

interface Row extends Omit<Delivery, 'createdAt' | 'triedAt' | 'nextAt'> {
  key: string;
  created: Date;
  tried: Date | null;
  next: Date | null;
}

export function createDeliveryLog(parts: { db: Database; endpoints: Endpoints; wakeRelay: () => void }): DeliveryLog {
  const { db, endpoints, wakeRelay } = parts;

  async function usable(by: Manager, id: string): Promise<Refusal | null> {
    const endpoint = await endpoints.get(by, id);
    if (isRefusal(endpoint)) return endpoint;
    return endpoint.active ? null : isOff();
  }

  return {
    async list(by, endpoint, query) {
      const own = await endpoints.get(by, endpoint);
      if (isRefusal(own)) return own;
      const [at, id] = decodeCursor(query.cursor) ?? [null, null];
      const known = at !== null && id !== null && isUuid(id);
      const { rows } = await db.query<Row>(
        `select id, type, state, attempts, created_at as created, tried_at as tried, next_at as next, status,
                took_ms as "tookMs", answer, error, body, ${sortable('created_at')} as key
           from webhook_delivery
          where endpoint_id = $1 and ($2::text is null or state = $2)
            and ($3::text is null or (${sortable('created_at')}, id) < ($3, $4::uuid))
          order by created_at desc, id desc limit $5`,
        [endpoint, query.state ?? null, known ? at : null, known ? id : null, query.limit + 1]
      );
      const page = toPage(rows, query.limit);
      const items = page.rows.map(({ key: _, created, tried, next, ...row }) => ({
        ...row,
        createdAt: created.toISOString(),
        triedAt: tried?.toISOString() ?? null,
        nextAt: next?.toISOString() ?? null
      }));
      return { items, next: page.next };
    },

    async replay(by, endpoint, delivery) {
      const off = await usable(by, endpoint);
      if (off) return off;
      if (!isUuid(delivery)) return notFound('delivery');
      const done = await change(db, async (sql) => {
        const { rows } = await sql.query<{ attempts: number }>(
          `update webhook_delivery set state = 'WAITING', tries = 0, next_at = now()
            where id = $1 and endpoint_id = $2 returning attempts`,
          [delivery, endpoint]
        );
        const [row] = rows;
        if (!row) return notFound('delivery');
        const payload = { deliveryId: delivery, attempt: row.attempts };
        await enqueue(sql, 'webhook.deliver', payload, { dedupeKey: `${delivery}:${row.attempts}:${randomUUID()}` });
        return true;
      });
      if (isRefusal(done)) return done;
      wakeRelay();
      return null;
    },

    async test(by, endpoint) {
      const off = await usable(by, endpoint);
      if (off) return off;
      const done = await change(db, async (sql) => {
        const waiting = await sql.query<{ count: number }>(
          `select count(*) from webhook_delivery where endpoint_id = $1 and type = $2 and state = 'WAITING'`,
          [endpoint, TEST_EVENT]
        );
        if ((waiting.rows[0]?.count ?? 0) >= TESTS_AT_ONCE)
          return refuse('LIMIT_REACHED', m.tests_full({ count: TESTS_AT_ONCE }));
        const message: WebhookMessage = {
          ...{ type: TEST_EVENT, version: 1, timestamp: new Date().toISOString() },
          data: { endpointId: endpoint }
        };
        const { rows } = await sql.query<{ id: string }>(
          `insert into webhook_delivery (endpoint_id, event_key, type, body, next_at)
           values ($1, 'test:' || gen_random_uuid(), $2, $3, now()) returning id`,
          [endpoint, TEST_EVENT, JSON.stringify(message)]
        );
        const deliveryId = rows[0]?.id ?? '';
        await enqueue(sql, 'webhook.deliver', { deliveryId, attempt: 0 }, { dedupeKey: `${deliveryId}:0` });
        return { deliveryId };
      });
      if (!isRefusal(done)) wakeRelay();
      return done;
    }
  };
}
