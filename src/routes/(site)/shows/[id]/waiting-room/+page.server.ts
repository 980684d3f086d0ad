import * as m from '#domain/messages/compiled/refusals.js';
import { no_room } from '#domain/messages/compiled/waiting.js';
import { error, redirect } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { clientNetwork } from '$lib/server/client-address.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** Without JavaScript the page asks again by itself, and that says as well that somebody is there. */
function enter(event: RequestEvent | Parameters<PageServerLoad>[0], comes: boolean) {
  const { buyer, guest } = event.locals.identity;
  if (!buyer) return refuse('UNAUTHENTICATED', m.no_cookie());
  const who = { buyer, guest, network: clientNetwork(event) };
  return event.locals.app.waitingRoom.enter(event.params.id, who, comes);
}

export const load: PageServerLoad = async (event) => {
  const { locals, params } = event;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  const show = await locals.app.catalog.show(params.id);
  if (!show?.waitingRoom) error(404, no_room());
  const place = await enter(event, false);
  if (isRefusal(place)) error(place.httpStatus, place.message);
  if (place.state === 'admitted') redirect(303, `/shows/${params.id}`);
  return { show, place };
};

export const actions: Actions = {
  enter: async (event) => {
    const place = await enter(event, true);
    if (isRefusal(place)) return failWith(place);
    redirect(303, `/shows/${event.params.id}${place.state === 'admitted' ? '' : '/waiting-room'}`);
  },

  leave: async ({ locals, params }) => {
    const { buyer } = locals.identity;
    const left = buyer ? await locals.app.waitingRoom.leave(params.id, buyer) : undefined;
    if (isRefusal(left)) return failWith(left);
    const show = await locals.app.catalog.show(params.id);
    redirect(303, show ? `/events/${show.event.slug}` : '/');
  }
};
