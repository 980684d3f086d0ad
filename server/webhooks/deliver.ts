import { randomUUID } from 'node:crypto';
import type { WebhookMessage } from '#domain/webhooks.ts';
import { faultPoint } from '../booking/fault-points.ts';
import { enqueue, type OutboxPayload } from '../booking/outbox.ts';
import type { Config } from '../config.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { ENDPOINT_HEARS } from './announce.ts';
import { signed, type Signing } from './secret.ts';
import { createSender, type SendOptions, type Sent } from './send.ts';

/**
 * From what happened to messages, and from a message to its receiver. Postgres says when a message is tried next, and each
 * try is a row of the outbox: a queue that is wiped and a worker that dies lose none. A crash between the sending and
 * its note sends once more, under the same id.
 */
export interface Deliveries {
  /** One message for each endpoint that listens. */
  fanOut(event: OutboxPayload<'webhook.event'>): Promise<void>;
  deliver(payload: OutboxPayload<'webhook.deliver'>): Promise<void>;
}

export interface DeliveryOptions {
  /** The pauses (ms) between the tries of a message, the last of which is its last. */
  retryAfterMs: readonly number[];
  /** Whoever takes no message for so long (ms) is switched off at the next that fails. */
  patienceMs: number;
  timeoutMs: number;
  lookup?: SendOptions['lookup'];
}

const [MINUTE, HOUR] = [60_000, 3_600_000];
export const DELIVERY: DeliveryOptions = {
  retryAfterMs: [
    ...[MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
    ...[24 * HOUR, 24 * HOUR, 24 * HOUR]
  ],
  patienceMs: 72 * HOUR,
  timeoutMs: 10_000
};
/** So that those who failed together do not come back together. */
const JITTER = 0.1;
/** Messages on their way to one endpoint at once: one that hangs must not keep the others waiting. */
const AT_ONCE = 4;
const LATER_MS = 5000;
/** A receiver that wants to be left alone for longer (ms) is asked again after this all the same. */
const LONGEST_WISH_MS = 24 * HOUR;
const GONE = 410;

interface Due extends Signing {
  body: string;
  attempts: number;
  tries: number;
  url: string;
  open: boolean;
}

export function createDeliveries(
  parts: { db: Database; config: Config; log: Logger },
  options: DeliveryOptions
): Deliveries {
  const { db, config, log } = parts;
  const send = createSender({ ...options, allowPrivate: config.webhooks.allowPrivate });
  const underWay = new Map<string, number>();

  const again = (sql: Sql, deliveryId: string, attempt: number, afterMs: number) =>
    enqueue(
      sql,
      'webhook.deliver',
      { deliveryId, attempt },
      { dedupeKey: `${deliveryId}:${attempt}:${randomUUID()}`, dueAt: new Date(Date.now() + afterMs) }
    );

  async function readDue(deliveryId: string, attempt: number): Promise<Due | null> {
    const { rows } = await db.query<Due>(
      `select w.id, w.secret_number, w.rotated_at, w.url, d.body, d.attempts, d.tries,
              w.active and u.deleted_at is null and u.suspended_at is null and u.role in ('organizer', 'admin') as open
         from webhook_delivery d
         join webhook_endpoint w on w.id = d.endpoint_id
         join app_user u on u.id = w.owner_id
        where d.id = $1 and d.attempts = $2 and d.state = 'WAITING'`,
      [deliveryId, attempt]
    );
    return rows[0] ?? null;
  }

  /** Writes down what came of a try. A second worker with the same try finds it done, and changes nothing. */
  async function note(deliveryId: string, due: Due, sent: Sent): Promise<void> {
    const pause = sent.error === null ? undefined : options.retryAfterMs[due.tries];
    const wished = Math.min(sent.retryAfterMs ?? 0, LONGEST_WISH_MS);
    // Not earlier than planned: a receiver that always says "in a second" would have used up all tries in ten.
    const afterMs = pause === undefined ? null : Math.max(pause, wished) * (1 + Math.random() * JITTER);
    const gone = sent.status === GONE;
    const state = sent.error === null ? 'DONE' : afterMs === null || gone || !due.open ? 'FAILED' : 'WAITING';
    await db.transaction(async (sql) => {
      const noted = await sql.query(
        `update webhook_delivery
            set attempts = attempts + 1, tries = tries + 1, state = $3, tried_at = now(), status = $4, took_ms = $5,
                answer = $6, error = $7,
                next_at = case when $3 = 'WAITING' then now() + make_interval(secs => $8::double precision / 1000) end
          where id = $1 and attempts = $2 and state = 'WAITING'`,
        [deliveryId, due.attempts, state, sent.status, sent.tookMs, sent.answer, sent.error, afterMs]
      );
      if (noted.rowCount === 0) return;
      if (state === 'WAITING') await again(sql, deliveryId, due.attempts + 1, afterMs ?? 0);
      if (sent.error === null) {
        const fine = 'update webhook_endpoint set failing_since = null where id = $1 and failing_since is not null';
        await sql.query(fine, [due.id]);
      } else if (due.open) await failed(sql, due.id, gone ? 0 : options.patienceMs);
    });
  }

  /** Switches the endpoint off when it has failed for as long as this (ms), and tells its owner. */
  async function failed(sql: Sql, endpoint: string, patienceMs: number): Promise<void> {
    const off = await sql.query<{ off: boolean }>(
      `update webhook_endpoint
          set failing_since = coalesce(failing_since, now()),
              active = coalesce(failing_since, now()) > now() - make_interval(secs => $2::double precision / 1000),
              disabled_at = case when coalesce(failing_since, now()) <= now() - make_interval(secs => $2::double precision / 1000)
                                 then now() end
        where id = $1 and active returning not active as off`,
      [endpoint, patienceMs]
    );
    if (!off.rows[0]?.off) return;
    log.warn({ endpoint }, 'a webhook is switched off: it failed for too long, or is gone');
    const offId = randomUUID();
    await enqueue(sql, 'mail.webhook-disabled', { endpointId: endpoint, offId }, { dedupeKey: offId });
  }

  return {
    async fanOut({ key, type, at, organizerId, data }) {
      const message: WebhookMessage = { type, version: 1, timestamp: new Date(at).toISOString(), data };
      await db.query(
        `with made as (
           insert into webhook_delivery (endpoint_id, event_key, type, body, next_at)
           select w.id, $1, $2, $3, now() from webhook_endpoint w join app_user u on u.id = w.owner_id
            where ${ENDPOINT_HEARS('$2', '$4')}
           on conflict on constraint one_delivery_per_event do nothing
           returning id)
         insert into outbox (dedupe_key, kind, payload)
         select 'webhook.deliver:' || id || ':0', 'webhook.deliver', jsonb_build_object('deliveryId', id, 'attempt', 0)
           from made on conflict (dedupe_key) do nothing`,
        [key, type, JSON.stringify(message), organizerId]
      );
    },

    async deliver({ deliveryId, attempt }) {
      const due = await readDue(deliveryId, attempt);
      if (!due) return;
      if (!due.open) {
        const error = 'The webhook is switched off.';
        return note(deliveryId, due, { status: null, tookMs: 0, answer: '', error, retryAfterMs: null });
      }
      const others = underWay.get(due.id) ?? 0;
      if (others >= AT_ONCE) return again(db, deliveryId, attempt, LATER_MS * (1 + Math.random()));
      underWay.set(due.id, others + 1);
      try {
        const headers = {
          ...signed(config, due, { id: `msg_${deliveryId}`, at: new Date(), body: due.body }),
          ...{ 'content-type': 'application/json', 'user-agent': 'Fullhouse-Webhooks/1' }
        };
        const sent = await send(due.url, due.body, headers);
        faultPoint('webhook:after-send');
        await note(deliveryId, due, sent);
      } finally {
        const left = (underWay.get(due.id) ?? 1) - 1;
        if (left > 0) underWay.set(due.id, left);
        else underWay.delete(due.id);
      }
    }
  };
}
