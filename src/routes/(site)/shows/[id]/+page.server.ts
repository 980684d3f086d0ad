import * as m from '#domain/messages/compiled/refusals.js';
import { seat_number } from '#domain/messages/compiled/plain.js';
import { place, row } from '#domain/messages/compiled/seat_map.js';
import { error, fail, redirect } from '@sveltejs/kit';
import { catalogId } from '#domain/ids.ts';
import type { Plan, SeatName } from '#domain/plan.ts';
import { priceSince } from '#domain/price.ts';
import { seatList, seatWish } from '#domain/protocol.ts';
import { isRefusal, refuse, type Refusal } from '#domain/refusal.ts';
import { SeatState, seatState, STATE_NAMES } from '#domain/seat-map.ts';
import { waitingBody } from '#domain/waiting.ts';
import { clientNetwork } from '$lib/server/client-address.ts';
import { failWith, type FormFailure } from '$lib/server/form';
import { offerInWords } from '$lib/seatmap/show-words.ts';
import type { Actions, PageServerLoad } from './$types';

/** Places of a standing area that the form without JavaScript offers. */
const PLACES_OFFERED = 12;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { app, identity } = locals;
  if (!catalogId.safeParse(params.id).success) error(404, 'There is no such show.');
  const show = await app.catalog.show(params.id);
  const plan = show && (await app.catalog.plan(show.planId));
  if (!show || !plan) error(404, 'There is no such show.');
  const { buyer, user, guest } = identity;
  // Whoever chose seats as a guest has them still after signing in.
  if (user && guest && buyer && guest !== buyer) await app.seats.adopt(show.id, guest, buyer);
  const found = buyer ? await app.seats.ownHold(show.id, buyer) : null;
  const hold = isRefusal(found) ? null : found;
  const counts = (await app.seats.counts([show.id])).get(show.id);
  // A show that is sold out has nothing to wait for but its waiting list, which is on this page.
  const left = counts === undefined || counts.available + counts.held > 0;
  if (show.waitingRoom && left && hold === null && show.sale !== 'closed' && show.cancelled === null) {
    const inside = buyer !== null && (await app.waitingRoom.admits(show.id, buyer));
    if (!inside && !(await app.catalog.mayManage(user, show.id))) redirect(303, `/shows/${show.id}/waiting-room`);
  }
  const names = await app.catalog.seatNames(show.planId, hold?.seats ?? []);
  // All of them: the hold that is made on the open page belongs to the terms of its moment.
  const earlier = show.terms > 1 ? await app.catalog.earlierPrices(show.id, 1) : { prices: [], pricing: [] };
  const section = url.searchParams.get('section');
  const wish = user ? await app.waiting.ofShow(user.id, show.id) : null;
  const wanted = Number(url.searchParams.get('wait'));
  return {
    show,
    waiting: {
      wish,
      // What somebody asked for before signing in.
      asked: { count: wanted > 0 ? wanted : 2, tiers: url.searchParams.getAll('tier') },
      open: wish !== null || url.searchParams.has('wait') || counts?.available === 0,
      signedIn: user !== null,
      minutes: Math.round(app.config.offerTtlMs / 60_000)
    },
    hold,
    earlier,
    held: (hold?.seats ?? []).map((index) => {
      const name = names.get(index);
      const tier = show.tiers.find((one) => one.tier === name?.tier);
      return {
        ...{ index, label: name?.label ?? seat_number({ number: index }), short: name?.short ?? '' },
        ...{
          price: tier ? priceSince(tier, earlier.prices, hold?.terms) : 0,
          tier: tier?.tier ?? '',
          ordinal: tier?.ordinal ?? 1,
          tierName: tier?.name ?? ''
        }
      };
    }),
    serverTime: Date.now(),
    wheelchairs: plan.seats.some(({ attributes }) => attributes?.includes('wheelchair')),
    sections: [...plan.sections, ...plan.areas].map(({ id, name }) => ({ id, name })),
    section,
    rows: section === null ? [] : await rowsOf(app.seats, show.id, plan, section, show.tiers)
  };
};

async function rowsOf(
  seats: App.Locals['app']['seats'],
  showId: string,
  plan: Plan,
  section: string,
  tiers: readonly { tier: string; price: number }[]
) {
  const snapshot = await seats.snapshot(showId);
  if (isRefusal(snapshot)) error(snapshot.httpStatus, snapshot.message);
  const prices = new Map(tiers.map(({ tier, price }) => [tier, price]));
  const byIndex = new Map(plan.seats.map((seat) => [seat.index, seat]));
  const area = plan.areas.find(({ id }) => id === section);
  if (area) {
    const free: number[] = [];
    for (let index = area.first; index < area.first + area.count && free.length < PLACES_OFFERED; index++) {
      if (seatState(snapshot.map, index) === SeatState.available) free.push(index);
    }
    const price = prices.get(area.tier) ?? 0;
    const offered = free.map((index, n) => ({ index, label: place({ number: n + 1 }), state: 'available', price }));
    return [{ label: area.name, seats: offered }];
  }
  return plan.rows
    .filter((each) => each.section === section)
    .map(({ label, first, count }) => ({
      label: row({ row: label }),
      seats: Array.from({ length: count }, (_, n) => {
        const index = first + n;
        const seat = byIndex.get(index);
        const state: string = STATE_NAMES[seatState(snapshot.map, index)];
        return { index, label: seat?.label ?? String(n + 1), state, price: prices.get(seat?.tier ?? '') ?? 0 };
      })
    }));
}

async function shortNames(app: App.Locals['app'], showId: string, seats: readonly number[]): Promise<string[]> {
  const show = await app.catalog.show(showId);
  const names = show ? await app.catalog.seatNames(show.planId, seats) : new Map<number, SeatName>();
  return seats.map((seat) => names.get(seat)?.short ?? String(seat));
}

/** A refusal with the closest seats, which the page offers as a form of one button. */
async function failWithOffer(app: App.Locals['app'], showId: string, refusal: Refusal) {
  const { status, data } = failWith(refusal);
  const [seats] = seatList.array().safeParse(refusal.details['alternatives']).data ?? [];
  if (!seats) return fail<FormFailure>(status, data);
  const names = await shortNames(app, showId, seats);
  const words = offerInWords(seats, (seat) => names[seats.indexOf(seat)] ?? '');
  return fail<FormFailure>(status, { ...data, instead: { seats, words } });
}

const noBuyer = () => refuse('UNAUTHENTICATED', m.no_cookie());

export const actions: Actions = {
  hold: async (event) => {
    const { locals, params, request } = event;
    const { app, identity } = locals;
    if (!identity.buyer) return failWith(noBuyer());
    const wanted = (await request.formData()).getAll('seat').map(Number);
    const parsed = seatList.safeParse(wanted);
    if (!parsed.success) return failWith(refuse('INVALID', m.choose_one()));
    const network = clientNetwork(event);
    const id = crypto.randomUUID();
    const hold = await app.seats.hold(params.id, identity.buyer, parsed.data, id, undefined, network);
    if (!isRefusal(hold)) return { held: hold.seats.length };
    const taken = hold.code === 'SEAT_TAKEN' ? seatList.safeParse(hold.details['seats']) : null;
    if (!taken?.success) return failWith(hold);
    const names = await shortNames(app, params.id, taken.data);
    const message = m.taken_names({ seats: names.join(', ') });
    return failWithOffer(app, params.id, refuse('SEAT_TAKEN', message, hold.details));
  },

  best: async (event) => {
    const { locals, params, request } = event;
    const { app, identity } = locals;
    if (!identity.buyer) return failWith(noBuyer());
    const given = await request.formData();
    const tier = given.get('tier');
    const parsed = seatWish.safeParse({
      count: Number(given.get('count')),
      ...(tier ? { tier } : {}),
      ...(given.get('accessible') ? { accessible: true } : {})
    });
    if (!parsed.success) return failWith(parsed.error);
    const hold = await app.seats.best(
      params.id,
      identity.buyer,
      parsed.data,
      crypto.randomUUID(),
      clientNetwork(event)
    );
    return isRefusal(hold) ? failWithOffer(app, params.id, hold) : { held: hold.seats.length };
  },

  wait: async ({ locals, params, request }) => {
    const { app, identity } = locals;
    const given = await request.formData();
    const [count, tiers] = [Number(given.get('count')), given.getAll('tier').map(String)];
    if (!identity.user) {
      const back = new URLSearchParams([['wait', String(count)], ...tiers.map((tier) => ['tier', tier])]);
      redirect(303, `/sign-in?next=${encodeURIComponent(`/shows/${params.id}?${back.toString()}`)}`);
    }
    const parsed = waitingBody.safeParse({ count, tiers });
    if (!parsed.success) return failWith(parsed.error);
    const wish = await app.waiting.join(identity.user.id, params.id, parsed.data);
    return isRefusal(wish) ? failWith(wish) : { held: 0 };
  },

  leave: async ({ locals, params }) => {
    const { app, identity } = locals;
    if (!identity.user) redirect(303, `/sign-in?next=${encodeURIComponent(`/shows/${params.id}`)}`);
    const left = await app.waiting.leave(identity.user.id, params.id);
    return isRefusal(left) && left.code !== 'NOT_FOUND' ? failWith(left) : { held: 0 };
  },

  release: async ({ locals, params, request }) => {
    const { app, identity } = locals;
    if (!identity.buyer) return failWith(noBuyer());
    const given = (await request.formData()).getAll('seat').map(Number);
    const parsed = seatList.safeParse(given);
    const left = await app.seats.release(params.id, identity.buyer, parsed.success ? parsed.data : undefined);
    return isRefusal(left) ? failWith(left) : { held: left?.seats.length ?? 0 };
  }
};
