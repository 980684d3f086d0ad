import { api, json } from '$lib/server/api.ts';
import { setBuyer } from '$lib/server/cookies.ts';

/** A guest's buyer token, and the cookie for browsers. */
export const POST = api((event) => {
  const { token } = event.locals.app.accounts.issueBuyer();
  setBuyer(event, token);
  return json({ token }, 201);
});
