import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const DELETE = api(async (event: RequestEvent) => {
  const of = managing(event, 'site');
  if (isRefusal(of)) return of;
  const gone = await event.locals.app.embed.sites.remove(of.by, of.id);
  return isRefusal(gone) ? gone : null;
});
