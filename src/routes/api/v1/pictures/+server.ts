import { pictureQuery } from '#domain/api/desk.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, asManager, json, readQuery } from '$lib/server/api.ts';
import { pictureIn } from '$lib/server/picture.ts';
import type { RequestEvent } from './$types';

/** The body is the picture, or a form with it as `file`. It is at /pictures/{id}-1600.webp then. */
export const POST = api(async (event: RequestEvent) => {
  const by = asManager(event);
  if (isRefusal(by)) return by;
  const asked = readQuery(event.url, pictureQuery);
  if (isRefusal(asked)) return asked;
  const bytes = await pictureIn(event.request);
  if (isRefusal(bytes)) return bytes;
  const picture = await event.locals.app.pictures.store(by, bytes, asked.use);
  return isRefusal(picture) ? picture : json({ picture }, 201);
});
