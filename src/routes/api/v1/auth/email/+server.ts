import { confirmEmailBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody } from '$lib/server/api.ts';

/** With the link from the mail. */
export const POST = api(async ({ locals, request }) => {
  const body = await readBody(request, confirmEmailBody);
  return isRefusal(body) ? body : locals.app.ownAccount.confirmEmail(body.token);
});
