import { newPasswordBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody } from '$lib/server/api.ts';

/** With the link from the mail. */
export const POST = api(async ({ locals, request }) => {
  const body = await readBody(request, newPasswordBody);
  if (isRefusal(body)) return body;
  return (await locals.app.ownAccount.resetPassword(body.token, body.password)) ?? null;
});
