import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';

export const GET = api((event) => {
  const user = signedIn(event);
  return isRefusal(user) ? user : { user };
});
