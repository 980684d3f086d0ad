import { isRefusal } from '#domain/refusal.ts';
import { api, json, signedIn } from '$lib/server/api.ts';

export const GET = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const own = await event.locals.app.ownAccount.export(user);
  return json(own, 200, { 'content-disposition': 'attachment; filename="fullhouse-account.json"' });
});
