import { redirect } from '@sveltejs/kit';
import { isRefusal } from '#domain/refusal.ts';
import { orError } from '$lib/components/or-error.ts';
import { changeSeats, giveUpChange, quoteChange } from '$lib/server/change-seats.ts';
import { failWith } from '$lib/server/form';
import { qrOf } from '$lib/server/ticket-qr.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('fullhouse:booking');
  const { user } = locals.identity;
  if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  const { booking, payment, tickets, refunds, move } = orError(await locals.app.booking.view(params.id, user.id));
  const changeable = booking.cancellableUntil !== null && !booking.show.cancelled && move?.status !== 'PENDING';
  return {
    move,
    change: changeable ? await locals.app.catalog.show(booking.showId) : null,
    ...{ booking, payment, key: crypto.randomUUID(), serverTime: Date.now() },
    // Who asked for them and how the gateway answered is the organizer's business.
    refunds: refunds.map(({ id, amount, status, seats }) => ({ id, amount, status, seats })),
    tickets: await Promise.all(tickets.map(async (ticket) => ({ ...ticket, qr: await qrOf(ticket.code) })))
  };
};

export const actions: Actions = {
  again: async ({ locals, params, request }) => {
    const { app, identity } = locals;
    const { user, buyer, guest } = identity;
    if (!user || !buyer) redirect(303, `/sign-in?next=${encodeURIComponent(`/bookings/${params.id}`)}`);
    const { booking } = orError(await app.booking.view(params.id, user.id));
    const key = String((await request.formData()).get('key') ?? crypto.randomUUID());
    const done = await app.booking.checkout({ user, buyer, guest }, { holdId: booking.holdId }, key);
    if (isRefusal(done)) return failWith(done);
    redirect(303, done.payment.redirectUrl ?? `/bookings/${done.booking.id}`);
  },

  cancel: async ({ locals, params }) => {
    const { user } = locals.identity;
    if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(`/bookings/${params.id}`)}`);
    const done = await locals.app.booking.cancel(params.id, user.id);
    if (isRefusal(done)) return failWith(done);
    redirect(303, `/bookings/${params.id}`);
  },

  quote: quoteChange,
  change: changeSeats,
  giveUp: giveUpChange,

  letGo: async ({ locals, params }) => {
    const { user } = locals.identity;
    if (!user) redirect(303, `/sign-in?next=${encodeURIComponent(`/bookings/${params.id}`)}`);
    const done = await locals.app.booking.cancelPending(params.id, user.id);
    if (isRefusal(done)) return failWith(done);
    redirect(303, `/shows/${done.showId}`);
  }
};
