import { isRefusal } from '#domain/refusal.ts';
import { api, json, managed } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const show = await managed(event);
  if (isRefusal(show)) return show;
  const { catalog, live } = event.locals.app;
  const refusal = await catalog.setSale(show, 'open');
  if (refusal) return refusal;
  live.showChanged(show, { sale: 'open' });
  return json({ sale: 'open', delivered: live.viewers(show) }, 202);
});
