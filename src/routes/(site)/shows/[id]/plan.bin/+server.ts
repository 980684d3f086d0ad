import { error } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import { isKnown } from '$lib/server/kept.ts';
import type { RequestHandler } from './$types';

/** A plan never changes, but a show may move to another one: what was asked for by the plan's name can be kept for good. */
const FOR_GOOD = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'public, no-cache';

/** The show's seating plan as our own map takes it (src/lib/domain/plan-layout.ts); programs have it from the API. */
export const GET: RequestHandler = async ({ locals, params, request, url }) => {
  const { catalog } = locals.app;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  const show = await catalog.show(params.id);
  const layout = show && (await catalog.planLayout(show.planId));
  if (!show || !layout) error(404, 'There is no such show.');
  const headers = {
    ...{ 'x-plan-id': show.planId, etag: layout.etag, vary: 'accept-encoding' },
    'cache-control': url.searchParams.get('plan') === show.planId ? FOR_GOOD : ASK_AGAIN
  };
  if (isKnown(request, layout.etag)) return new Response(null, { status: 304, headers });
  const zipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
  return new Response(new Uint8Array(zipped ? layout.gzip : layout.bytes), {
    headers: {
      ...{ ...headers, 'content-type': 'application/octet-stream' },
      ...(zipped ? { 'content-encoding': 'gzip' } : {})
    }
  });
};
