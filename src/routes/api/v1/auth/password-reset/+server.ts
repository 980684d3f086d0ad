import { forgottenBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, json, readBody } from '$lib/server/api.ts';
import { clientAddress } from '$lib/server/client-address.ts';

/** The same answer whether there is such an account. */
export const POST = api(async (event) => {
  const body = await readBody(event.request, forgottenBody);
  if (isRefusal(body)) return body;
  const refusal = await event.locals.app.ownAccount.forgot(body.email, clientAddress(event));
  return isRefusal(refusal) ? refusal : json({ sent: true }, 202);
});
