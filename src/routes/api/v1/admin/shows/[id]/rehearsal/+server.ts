import { notFound } from '#domain/not-found.ts';
import { isRefusal } from '#domain/refusal.ts';
import { rehearsalBody } from '#domain/rehearsal.ts';
import { api, json, managed, readBody } from '$lib/server/api.ts';
import type { RequestEvent } from './$types';

/** The show's latest rehearsal: how it goes, or its verdict. For admins. */
export const GET = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  return (await event.locals.app.rehearsals.latest(of.by, of.id)) ?? notFound('rehearsal');
});

export const POST = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const body = await readBody(event.request, rehearsalBody);
  if (isRefusal(body)) return body;
  const started = await event.locals.app.rehearsals.start(of.by, of.id, body);
  return isRefusal(started) ? started : json(started, 202);
});

export const DELETE = api(async (event: RequestEvent) => {
  const of = await managed(event);
  return isRefusal(of) ? of : event.locals.app.rehearsals.stop(of.by, of.id);
});
