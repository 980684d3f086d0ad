import { languageOf } from '#domain/language.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { speak } from '../language.ts';
import { cleanText, recipientOf } from './addresses.ts';
import { webhookDisabledLetter } from './templates/webhook-disabled.ts';
import type { Transport } from './transport.ts';

/** Tells the owner of a webhook that it is switched off, unless they have switched it on since. */
export function createWebhookMail(parts: { db: Database; origin: string; log: Logger; transport: Transport }) {
  const { db, origin, log, transport } = parts;
  return async (endpointId: string, offId: string): Promise<void> => {
    const dedupeKey = `webhook-disabled:${offId}`;
    if (await transport.isDone(dedupeKey)) return;
    const { rows } = await db.query<{
      endpoint: string;
      name: string;
      email: string;
      language: string | null;
      since: Date;
      error: string | null;
    }>(
      `select w.name as endpoint, u.name, u.email, u.language, coalesce(w.failing_since, w.disabled_at) as since,
              (select d.error from webhook_delivery d where d.endpoint_id = w.id and d.error is not null
                order by d.tried_at desc nulls last limit 1) as error
         from webhook_endpoint w join app_user u on u.id = w.owner_id
        where w.id = $1 and w.disabled_at is not null and u.deleted_at is null`,
      [endpointId]
    );
    const [row] = rows;
    if (!row) return;
    const to = recipientOf(row.name, row.email);
    if (!to) return log.warn({ endpointId }, 'the owner of a webhook has no usable mail address');
    const letter = speak(languageOf(row.language), () =>
      webhookDisabledLetter({
        ...{ name: cleanText(row.name), endpoint: cleanText(row.endpoint), error: row.error },
        ...{ since: row.since.toISOString(), url: `${origin}/admin/webhooks/${endpointId}` }
      })
    );
    await transport.send({ dedupeKey, to, letter });
  };
}
