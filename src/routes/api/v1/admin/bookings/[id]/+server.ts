import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const { id } = event.params;
  return uuid.safeParse(id).success ? event.locals.app.reports.booking(by, id) : notFound('booking');
});
