import * as m from '#domain/messages/compiled/check_in.js';
import { error } from '@sveltejs/kit';
import { checkInBody, gateName, gateSearch, undoBody } from '#domain/check-in.ts';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { typed } from '$lib/server/small-forms.ts';
import { door } from '$lib/server/door.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

const known = (id: string) => {
  if (!catalogId.safeParse(id).success) error(404, 'There is no such show.');
  return id;
};

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const by = await door(locals, url);
  const { checkIn } = locals.app;
  const show = orError(await checkIn.show(by, known(params.showId)));
  const search = gateSearch.safeParse({ showId: show.id, q: url.searchParams.get('q') ?? '' });
  return {
    ...{ show, q: url.searchParams.get('q') ?? '', gate: gateName.safeParse(url.searchParams.get('gate')).data ?? '' },
    counts: orError(await checkIn.counts(by, show.id)),
    found: search.success ? orError(await checkIn.search(by, show.id, search.data.q)) : null
  };
};

/** The page without JavaScript. With it, the same is done through the API. */
export const actions: Actions = {
  admit: async ({ locals, params, request, url }) => {
    const by = await door(locals, url);
    const { code, ticketId, gate } = typed(await request.formData());
    const given = { ...(ticketId ? { ticketId } : { code: code ?? '' }), ...(gate ? { gate } : {}) };
    const body = checkInBody.safeParse({ ...given, showId: known(params.showId) });
    if (!body.success) return failWith(body.error, given);
    const done = await locals.app.checkIn.admit(by, body.data);
    return isRefusal(done) ? failWith(done) : { admitted: done };
  },

  undo: async ({ locals, request, url }) => {
    const by = await door(locals, url);
    const body = undoBody.safeParse(typed(await request.formData()));
    if (!body.success) return failWith(refuse('INVALID', m.no_ticket_of_ours()));
    const done = await locals.app.checkIn.undo(by, body.data.ticketId);
    return isRefusal(done) ? failWith(done) : { undone: done };
  }
};
