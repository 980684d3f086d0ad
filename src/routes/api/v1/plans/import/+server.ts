import { importQuery } from '#domain/api/plans.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { api, asManager, json, readQuery } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** The body is a pretix file, or `{ plan, supplement }` with both files of an export. */
export const POST = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const asked = readQuery(event.url, importQuery);
  if (isRefusal(asked)) return asked;
  if (!/^application\/json\b/i.test(event.request.headers.get('content-type') ?? '')) {
    return refuse('INVALID', 'The body must be JSON (content-type: application/json).', { errors: [] });
  }
  const file = new Uint8Array(await event.request.arrayBuffer());
  const { planFiles } = event.locals.app.desk;
  const imported = await planFiles.import(by, { ...asked, file, supplement: null });
  return isRefusal(imported) ? imported : json(imported, 201);
});
