import { changePasswordBody } from '#domain/account.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, readBody, session } from '$lib/server/api.ts';

export const POST = api(async (event) => {
  const own = session(event);
  if (isRefusal(own)) return own;
  const body = await readBody(event.request, changePasswordBody);
  if (isRefusal(body)) return body;
  const { ownAccount } = event.locals.app;
  return (await ownAccount.changePassword(own.user, own.token, body.current, body.password)) ?? null;
});
