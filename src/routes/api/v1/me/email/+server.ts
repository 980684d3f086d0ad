import { changeEmailBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, readBody, signedIn } from '$lib/server/api.ts';

/** Sends a link to the new address; nothing changes until it is opened. */
export const POST = api(async (event) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  const body = await readBody(event.request, changeEmailBody);
  if (isRefusal(body)) return body;
  const refusal = await event.locals.app.ownAccount.askForEmail(user, body.current, body.email);
  return isRefusal(refusal) ? refusal : json({ sent: true }, 202);
});
