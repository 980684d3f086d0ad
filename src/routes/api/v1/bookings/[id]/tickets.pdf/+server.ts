import { isRefusal } from '#domain/refusal.ts';
import { api, signedIn } from '$lib/server/api.ts';
import { pdfResponse } from '$lib/server/ticket-files.ts';
import type { RequestEvent } from './$types';

export const GET = api(async (event: RequestEvent) => {
  const user = signedIn(event);
  if (isRefusal(user)) return user;
  return pdfResponse(await event.locals.app.tickets.pdf(event.params.id, { user: user.id }));
});
