import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Revokes it for good. */
export const DELETE = api(async (event: RequestEvent) => {
  const of = managing(event, 'token');
  return isRefusal(of) ? of : event.locals.app.accounts.tokens.revoke(of.by, of.id);
});
