import { uuid } from '#domain/ids.ts';
import { sandboxBody } from '#domain/protocol.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, readBody, signedIn } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const body = await readBody(event.request, sandboxBody);
  if (isRefusal(body)) return body;
  if (!uuid.safeParse(event.params.id).success) return notFound('payment');
  return once(event, 'money', body, async () => {
    const decided = await event.locals.app.payments.sandboxDecide(event.params.id, user.id, body.outcome);
    return isRefusal(decided) ? decided : json({ accepted: true }, 202);
  });
});
