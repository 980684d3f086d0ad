import { bookingFileQuery } from '#domain/api/control.ts';
import { isRefusal } from '#domain/refusal.ts';
import { api, managed, readQuery } from '$lib/server/api.ts';
import { pdfResponse } from '$lib/server/ticket-files.ts';
import type { RequestEvent } from './$types';

/** The tickets of one booking of a show, for whoever manages the show. */
export const GET = api(async (event: RequestEvent) => {
  const of = await managed(event);
  if (isRefusal(of)) return of;
  const given = readQuery(event.url, bookingFileQuery);
  if (isRefusal(given)) return given;
  return pdfResponse(await event.locals.app.tickets.pdf(given.booking, { show: of.id }));
});
