import { notFound } from '#domain/not-found.ts';
import { api } from '$lib/server/api.ts';
import { isKnown } from '$lib/server/kept.ts';
import type { RequestEvent } from './$types';

/**
 * A show may move to another version of its plan, so the address is asked again after a minute; the plan
 * itself never changes, and the ETag says so without sending it twice.
 */
const CACHING = 'public, max-age=60, stale-while-revalidate=86400';

export const GET = api(async ({ locals, params, request }: RequestEvent) => {
  const show = await locals.app.catalog.show(params.id);
  const body = show && (await locals.app.catalog.planBody(show.planId));
  if (!body) return notFound('show');
  const headers = { 'x-plan-id': show.planId, etag: body.etag, 'cache-control': CACHING, vary: 'accept-encoding' };
  if (isKnown(request, body.etag)) return new Response(null, { status: 304, headers });
  const zipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  return new Response(new Uint8Array(zipped ? body.gzip : body.json), {
    headers: { ...headers, 'content-type': 'application/json', ...(zipped ? { 'content-encoding': 'gzip' } : {}) }
  });
});
