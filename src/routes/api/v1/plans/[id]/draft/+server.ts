import { isRefusal, refuse } from '#domain/refusal.ts';
import { api, json, managing } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** `{ draft, version, … }`. The draft goes out as it lies in the database: nobody here takes its 6 MB apart. */
export const GET = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const found = await event.locals.app.desk.plans.draft(of.by, of.id);
  if (isRefusal(found)) return found;
  const { json: draft, ...about } = found;
  return new Response(`${JSON.stringify(about).slice(0, -1)},"draft":${draft}}`, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }
  });
});

/** The body is `{ version, draft }`. */
export const PUT = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const { plans } = event.locals.app.desk;
  const own = await plans.get(of.by, of.id);
  if (isRefusal(own)) return own;
  if (!/^application\/json\b/i.test(event.request.headers.get('content-type') ?? '')) {
    return refuse('INVALID', 'The body must be JSON (content-type: application/json).', { errors: [] });
  }
  return plans.saveDraft(of.by, of.id, new Uint8Array(await event.request.arrayBuffer()));
});

/** The next version of a published plan. */
export const POST = api(async (event: RequestEvent) => {
  const of = managing(event, 'seating_plan');
  if (isRefusal(of)) return of;
  const made = await event.locals.app.desk.plans.newDraft(of.by, of.id);
  return isRefusal(made) ? made : json(made, 201);
});
