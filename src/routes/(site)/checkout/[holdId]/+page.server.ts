import { seat_number } from '#domain/messages/compiled/plain.js';
import { open_again } from '#domain/messages/compiled/checkout.js';
import { error, fail, redirect } from '@sveltejs/kit';
import { holdId, showOfHold } from '#domain/ids.ts';
import type { Hold } from '#domain/protocol.ts';
import { isRefusal } from '#domain/refusal.ts';
import { placeName } from '#domain/place.ts';
import { failWith } from '$lib/server/form';
import type { Actions, PageServerLoad } from './$types';

/** What the form has beside the seats; in the address too, so that a price can be looked at without JavaScript. */
interface Choices {
  types: Record<string, string>;
  code: string;
}
const LONGEST_CODE = 64;
const TYPE = /^type-(\d{1,6})$/;

function choicesIn(given: Iterable<[string, FormDataEntryValue]>): Choices {
  const choices: Choices = { types: {}, code: '' };
  for (const [name, value] of given) {
    if (typeof value !== 'string' || value === '') continue;
    const seat = TYPE.exec(name)?.[1];
    if (seat !== undefined) choices.types[seat] = value;
    if (name === 'code') choices.code = value.trim().slice(0, LONGEST_CODE);
  }
  return choices;
}

const addressOf = ({ types, code }: Choices) =>
  new URLSearchParams([
    ...Object.entries(types).map(([seat, type]): [string, string] => [`type-${seat}`, type]),
    ...(code === '' ? [] : [['code', code] satisfies [string, string]])
  ]).toString();

/** Where to sign in first, to come back with all that was chosen. */
const signIn = (page: string, choices: Choices) => {
  const query = addressOf(choices);
  return `/sign-in?next=${encodeURIComponent(query === '' ? page : `${page}?${query}`)}`;
};

/** The price of what was chosen. A code that is none says so and is left out; so are types of seats let go meanwhile. */
async function quoted(app: App.Locals['app'], hold: Hold, user: string, { types, code }: Choices) {
  const held = Object.fromEntries(Object.entries(types).filter(([seat]) => hold.seats.includes(Number(seat))));
  const ask = (chosen: { types?: Record<string, string>; promoCode?: string }) => app.booking.quote(hold, user, chosen);
  const priced = await ask({ types: held, promoCode: code });
  if (!isRefusal(priced)) return { quote: priced, code: { typed: code, wrong: '' } };
  const wrong = priced.code === 'CODE_REFUSED' ? priced.message : '';
  const without = wrong === '' ? await ask({}) : await ask({ types: held });
  if (!isRefusal(without)) return { quote: without, code: { typed: code, wrong } };
  // A ticket type that is none, and a code that is none: the price of neither.
  const plain = await ask({});
  return isRefusal(plain) ? plain : { quote: plain, code: { typed: code, wrong } };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, identity } = locals;
  const choices = choicesIn(url.searchParams);
  if (!identity.user || !identity.buyer) redirect(303, signIn(url.pathname, choices));
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
    sale: show.sale,
    terms: {
      ...{ startsAt: show.startsAt, doorsAt: show.doorsAt, saleClosesAt: show.saleClosesAt, tiers: show.tiers },
      ...{ timeZone: show.timeZone, currency: show.currency }
    },
    serverTime: Date.now()
  };
  const over = (message: string) => ({ ...about, refusal: message, deadline: 0, hold: null, priced: null });
  const hold = await app.seats.holdById(params.holdId, identity.buyer);
  if (isRefusal(hold)) {
    if (hold.code === 'BUSY') error(503, hold.message);
    return over(hold.message);
  }
  const priced = await quoted(app, hold, identity.user.id, choices);
  if (isRefusal(priced)) return over(priced.message);
  const { quote, code } = priced;
  const names = await app.catalog.seatNames(show.planId, hold.seats);
  const lines = quote.seats.map(({ seat, price, type }) => ({
    ...{ index: seat, basePrice: price, type },
    ...{ label: names.get(seat)?.label ?? seat_number({ number: seat }), short: names.get(seat)?.short ?? String(seat) }
  }));
  return {
    ...about,
    ...{ refusal: null, deadline: hold.deadline, hold },
    priced: {
      ...{ quote, code, lines, changed: url.searchParams.has('changed') },
      // Made once for each view of this page: the same form sent twice is one booking.
      key: crypto.randomUUID()
    }
  };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const { app, identity } = locals;
    const { user, buyer, guest } = identity;
    const page = `/checkout/${params.holdId}`;
    const form = await request.formData();
    const choices = choicesIn(form);
    if (!user || !buyer) redirect(303, signIn(page, choices));
    // The button that pays says for how much, under a key of its own.
    const [key = '', shown = ''] = String(form.get('pay') ?? '').split(' ');
    if (key === '' || !/^\d{1,16}$/.test(shown)) return fail(422, { message: open_again(), code: 'INVALID' });
    const wish = { holdId: params.holdId, types: choices.types, promoCode: choices.code, expectedTotal: Number(shown) };
    const done = await app.booking.checkout({ user, buyer, guest }, wish, key);
    if (!isRefusal(done)) redirect(303, done.payment.redirectUrl ?? `/bookings/${done.booking.id}`);
    const booked = done.details['bookingId'];
    if (typeof booked === 'string') redirect(303, `/bookings/${booked}`);
    // Nobody pays what they have not seen: the same choices once more, with their price of now.
    if (done.code === 'PRICE_CHANGED') redirect(303, `${page}?${addressOf(choices)}&changed=1`);
    if (done.code === 'CODE_REFUSED') redirect(303, `${page}?${addressOf(choices)}`);
    return failWith(done);
  }
};
