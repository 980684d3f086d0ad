import { signInBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody } from '$lib/server/api.ts';
import { clientAddress } from '$lib/server/client-address.ts';
import { setSession } from '$lib/server/cookies.ts';

export const POST = api(async (event) => {
  const body = await readBody(event.request, signInBody);
  if (isRefusal(body)) return body;
  const signedIn = await event.locals.app.accounts.signIn(body, event.locals.identity.guest, clientAddress(event));
  if (isRefusal(signedIn)) return signedIn;
  setSession(event, signedIn);
  return { user: signedIn.user, token: signedIn.token };
});
