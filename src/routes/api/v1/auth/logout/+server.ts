import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import { clearSession } from '$lib/server/cookies.ts';

export const POST = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const { app, identity } = event.locals;
  if (identity.sessionToken) await app.accounts.signOut(identity.sessionToken);
  clearSession(event);
  return null;
});
