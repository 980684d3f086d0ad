import { catalogId } from '#domain/ids.ts';
import { notFound } from '#domain/not-found.ts';
import { isRefusal, refuse } from '#domain/refusal.ts';
import { api, json } from '$lib/server/api.ts';
import { clientNetwork } from '$lib/server/client-address.ts';
import type { RequestEvent } from './$types';

const known = (event: RequestEvent) => catalogId.safeParse(event.params.id).success;
const noBuyer = () => refuse('UNAUTHENTICATED', 'Get a buyer token (POST /api/v1/buyers) or sign in first.');

export const GET = api((event: RequestEvent) =>
  known(event) ? event.locals.app.waitingRoom.state(event.params.id) : notFound('waiting_room')
);

/** Comes in, or stays. */
export const POST = api(async (event: RequestEvent) => {
  const { app, identity } = event.locals;
  if (!known(event)) return notFound('waiting_room');
  const { buyer, guest } = identity;
  if (!buyer) return noBuyer();
  const place = await app.waitingRoom.enter(event.params.id, { buyer, guest, network: clientNetwork(event) }, true);
  return isRefusal(place) ? place : json(place);
});

export const DELETE = api(async (event: RequestEvent) => {
  const { app, identity } = event.locals;
  if (!known(event)) return notFound('waiting_room');
  if (!identity.buyer) return noBuyer();
  return (await app.waitingRoom.leave(event.params.id, identity.buyer)) ?? null;
});
