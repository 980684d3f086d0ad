import { signUpBody } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, readBody } from '$lib/server/api.ts';
import { setSession } from '$lib/server/cookies.ts';

export const POST = api(async (event) => {
  const body = await readBody(event.request, signUpBody);
  if (isRefusal(body)) return body;
  const { app, identity } = event.locals;
  const agent = event.request.headers.get('user-agent') ?? '';
  const signedUp = await app.accounts.signUp(body, identity.guest, agent);
  if (isRefusal(signedUp)) return signedUp;
  setSession(event, signedUp);
  return json({ user: signedUp.user, token: signedUp.token }, 201);
});
