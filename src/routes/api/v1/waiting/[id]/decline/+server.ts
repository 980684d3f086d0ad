import { uuid } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import { once } from '$lib/server/once.ts';
import type { RequestEvent } from './$types';

export const POST = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  if (!uuid.safeParse(event.params.id).success) return notFound('offer');
  return once(event, 'seats', null, async () => {
    const wish = await event.locals.app.waiting.decline(event.params.id, { user: user.id, key: null });
    return isRefusal(wish) ? wish : { wish };
  });
});
