import { error, fail, redirect } from '@sveltejs/kit';
import { holdId, showOfHold } from '#domain/ids.ts';
import { priceSince, totalOf } from '#domain/price.ts';
import { isRefusal } from '#domain/refusal.ts';
import { placeName } from '#domain/place.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, identity } = locals;
  if (!identity.user || !identity.buyer) redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname)}`);
  if (!holdId.safeParse(params.holdId).success) error(404, 'There is no such hold.');
  const showId = showOfHold(params.holdId);
  const show = await app.catalog.show(showId);
  if (!show) error(404, 'There is no such show.');
  // Whoever chose seats as a guest has them still after signing in.
  if (identity.guest && identity.guest !== identity.buyer)
    await app.seats.adopt(showId, identity.guest, identity.buyer);
  const about = {
    show: {
      id: show.id,
      title: show.event.title,
      venue: placeName(show.venue),
      startsAt: show.startsAt,
      timeZone: show.timeZone
    },
    currency: show.currency,
    sale: show.sale,
    terms: {
      ...{ startsAt: show.startsAt, doorsAt: show.doorsAt, saleClosesAt: show.saleClosesAt, tiers: show.tiers },
      ...{ timeZone: show.timeZone, currency: show.currency }
    },
    serverTime: Date.now()
  };
  const hold = await app.seats.holdById(params.holdId, identity.buyer);
  if (isRefusal(hold)) {
    if (hold.code === 'BUSY') error(503, hold.message);
    return { ...about, refusal: hold.message, lines: [], total: 0, deadline: 0, key: '', hold: null };
  }
  const names = await app.catalog.seatNames(show.planId, hold.seats);
  const earlier = hold.terms === undefined ? [] : await app.catalog.earlierPrices(showId, hold.terms);
  const prices = new Map(show.tiers.map((tier) => [tier.tier, priceSince(tier, earlier, hold.terms)]));
  const lines = hold.seats.map((index) => {
    const name = names.get(index);
    return {
      ...{ index, label: name?.label ?? `Seat ${index}`, short: name?.short ?? String(index) },
      price: prices.get(name?.tier ?? '') ?? 0
    };
  });
  return {
    ...about,
    ...{ refusal: null, lines, total: totalOf(lines.map(({ price }) => price)), deadline: hold.deadline, hold },
    // Made once for each view of this page: the same form sent twice is one booking.
    key: crypto.randomUUID()
  };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const { app, identity } = locals;
    const { user, buyer, guest } = identity;
    if (!user || !buyer) redirect(303, `/sign-in?next=${encodeURIComponent(`/checkout/${params.holdId}`)}`);
    const key = String((await request.formData()).get('key') ?? '');
    if (key === '') return fail(422, { message: 'Please open this page again.', code: 'INVALID' });
    const done = await app.booking.checkout({ user, buyer, guest }, { holdId: params.holdId }, key);
    if (isRefusal(done)) return failWith(done);
    redirect(303, done.payment.redirectUrl ?? `/bookings/${done.booking.id}`);
  }
};
