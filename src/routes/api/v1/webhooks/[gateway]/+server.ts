import { isRefusal } from '#domain/refusal.ts';
import { api } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** The signature is over the bytes as they came, so they are read before anything parses them. */
export const POST = api(async ({ locals, params, request }: RequestEvent) => {
  const raw = Buffer.from(await request.arrayBuffer());
  const refusal = await locals.app.payments.webhook(params.gateway, raw, request.headers);
  return isRefusal(refusal) ? refusal : { received: true };
});
