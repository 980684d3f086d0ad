import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

/** Lets a booking go that has not been paid for, or gives back a confirmed one within the show's policy. */
export const POST = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  if (!uuid.safeParse(event.params.id).success) return notFound('booking');
  return once(event, 'money', null, async () => {
    const booking = await event.locals.app.booking.cancel(event.params.id, user.id);
    return isRefusal(booking) ? booking : { booking };
  });
});
