import { error } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import { placeName } from '#domain/place.ts';
import { isRefusal } from '#domain/refusal.ts';
import { shortTime } from '#domain/time.ts';
import type { RequestHandler } from './$types';

/** The show's house as a picture, for the places where its address is shared. */
export const GET: RequestHandler = async ({ locals, params, request }) => {
  const { catalog, pictures } = locals.app;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  const show = await catalog.show(params.id);
  const plan = show && (await catalog.plan(show.planId));
  if (!show || !plan) error(404, 'There is no such show.');
  const picture = await pictures.share(show.planId, plan, {
    title: show.event.title,
    when: shortTime(show.startsAt, show.timeZone),
    where: `${placeName(show.venue)}, ${show.venue.city}`
  });
  if (isRefusal(picture)) error(picture.httpStatus, picture.message);
  const { bytes, etag } = picture;
  const headers = { 'cache-control': 'public, max-age=3600', etag };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'content-type': 'image/png', 'content-length': String(bytes.length) }
  });
};
