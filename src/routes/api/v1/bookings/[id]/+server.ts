import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

export const GET = api((event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  return uuid.safeParse(event.params.id).success
    ? event.locals.app.booking.view(event.params.id, user.id)
    : notFound('booking');
});
