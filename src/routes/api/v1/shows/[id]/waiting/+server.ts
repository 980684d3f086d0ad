import { catalogId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { waitingBody } from '#domain/waiting.ts';
import { api, json, managed, readBody, signedIn } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** For those who run the show: how many wait, and for what. */
export const GET = api(async (event: RequestEvent) => {
  const of = await managed(event);
  return isRefusal(of) ? of : event.locals.app.waiting.counts(of.id);
});

/** Joins the waiting list. */
export const POST = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  if (!catalogId.safeParse(event.params.id).success) return notFound('show');
  const body = await readBody(event.request, waitingBody);
  if (isRefusal(body)) return body;
  return once(event, 'seats', body, async () => {
    const wish = await event.locals.app.waiting.join(user.id, event.params.id, body);
    return isRefusal(wish) ? wish : json({ wish }, 201);
  });
});

/** Leaves it. */
export const DELETE = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  if (!catalogId.safeParse(event.params.id).success) return notFound('show');
  const left = await event.locals.app.waiting.leave(user.id, event.params.id);
  return isRefusal(left) ? left : null;
});
