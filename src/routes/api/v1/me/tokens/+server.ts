import { apiTokenBody } from '#domain/api-tokens.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readBody } from '$lib/server/api.ts';

/** API tokens; to admins everybody's. No token may call this: who has one must not make more of them. */
export const GET = api(async (event) => {
  const by = asManager(event);
  return isRefusal(by) ? by : { items: await event.locals.app.accounts.tokens.list(by) };
});

/** `text` is the token itself. It is in this answer and nowhere else. */
export const POST = api(async (event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const body = await readBody(event.request, apiTokenBody);
  if (isRefusal(body)) return body;
  const made = await event.locals.app.accounts.tokens.create(by, body);
  return isRefusal(made) ? made : json({ ...made.token, text: made.text }, 201);
});
