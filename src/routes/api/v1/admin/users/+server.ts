import { usersQuery } from '#domain/reports.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, readQuery } from '$lib/server/api.ts';

export const GET = api((event) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  if (by.owner !== null) return notFound('page');
  const query = readQuery(event.url, usersQuery);
  return isRefusal(query) ? query : event.locals.app.users.list(by, query);
});
