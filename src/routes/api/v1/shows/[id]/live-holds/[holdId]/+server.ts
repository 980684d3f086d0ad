import { holdId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** Ends somebody's hold; they are told. */
export const DELETE = api((event: RequestEvent) => {
  const of = managing(event, 'show');
  if (isRefusal(of)) return of;
  const hold = holdId.safeParse(event.params.holdId);
  return hold.success ? event.locals.app.control.releaseHold(of.by, of.id, hold.data) : notFound('hold');
});
