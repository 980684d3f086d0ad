import { bannerQuery } from '#domain/api/desk.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managing, readQuery } from '$lib/server/api.ts';
import { pictureIn } from '$lib/server/picture.ts';
import type { RequestEvent } from './$types';

/** The body is the picture; `?alt=` says what it shows. Answers the event. */
export const PUT = api(async (event: RequestEvent) => {
  const of = managing(event, 'event');
  if (isRefusal(of)) return of;
  const { banners, events } = event.locals.app.desk;
  const own = await events.get(of.by, of.id);
  if (isRefusal(own)) return own;
  const asked = readQuery(event.url, bannerQuery);
  if (isRefusal(asked)) return asked;
  const bytes = await pictureIn(event.request);
  return isRefusal(bytes) ? bytes : banners.set(of.by, of.id, { bytes, alt: asked.alt });
});

export const DELETE = api(async (event: RequestEvent) => {
  const of = managing(event, 'event');
  if (isRefusal(of)) return of;
  const done = await event.locals.app.desk.banners.remove(of.by, of.id);
  return isRefusal(done) ? done : null;
});
