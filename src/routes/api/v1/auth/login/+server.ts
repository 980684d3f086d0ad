import { signInBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody } from '$lib/server/api.ts';
import { clientAddress } from '$lib/server/client-address.ts';
import { setSession } from '$lib/server/cookies.ts';

export const POST = api(async (event) => {
  const body = await readBody(event.request, signInBody);
  if (isRefusal(body)) return body;
  const { app, identity } = event.locals;
  const agent = event.request.headers.get('user-agent') ?? '';
  const signedIn = await app.accounts.signIn(body, identity.guest, clientAddress(event), agent);
  if (isRefusal(signedIn)) return signedIn;
  setSession(event, signedIn);
  return { user: signedIn.user, token: signedIn.token };
});
