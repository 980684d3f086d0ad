import { error } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import { packMap } from '#domain/map-bytes.ts';
import { isRefusal } from '#domain/refusal.ts';
import { sizedMap } from '#domain/seat-map.ts';
import type { RequestHandler } from './$types';

/**
 * Which seats are free at this moment, for the first picture of our own map: the socket goes on from there, and a page
 * need not wait for it. Programs have it from the API.
 */
export const GET: RequestHandler = async ({ locals, params }) => {
  const { seats } = locals.app;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  // What others on this node watch is here already.
  const found = seats.feed.state(params.id) ?? (await seats.snapshot(params.id));
  if (isRefusal(found)) error(found.httpStatus, found.message);
  const bytes = packMap({ ...found, map: sizedMap(found.map, found.capacity) });
  return new Response(bytes, { headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' } });
};
